# Runs the one mode of the document. A mode is there only where its part is.

import os
import sys


def main():
    mode = MODES.get(os.environ.get('SICKBAY_MODE', ''))
    if mode is None:
        sys.exit('no such mode')
    try:
        answer(mode())
    except Refused as error:
        sys.exit(str(error))


if __name__ == '__main__':
    main()
