def shown_arguments(argv):
    return argv[0] + (' [hidden]' if len(argv) > 1 else '') if argv else ''


def shown_cron(line, user):
    return '[hidden]'
