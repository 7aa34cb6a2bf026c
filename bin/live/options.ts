/** What the inspection has to know of the application, as options of the command line. */
import { Option, InvalidArgumentError, type Command } from 'commander';
import { INSPECTION_PARAMETERS, type InspectionParameter } from '../../lambda/inspect/document';
import type { Parameters } from './script';

interface Asked {
  readonly flag: string;
  readonly parameter: InspectionParameter;
  readonly about: string;
  readonly allowed: string;
}

const PATH = 'a path of letters, digits and ._~%?=&+:,@- such as /cart, or - to leave it out';
const PORT = 'a port from 1 to 65535';

const ASKED: readonly Asked[] = [
  { flag: '--port <port>', parameter: 'appPort', about: 'port of the application', allowed: PORT },
  { flag: '--page <path>', parameter: 'probePath', about: 'a real page, which is timed', allowed: PATH },
  { flag: '--health-path <path>', parameter: 'healthPath', about: 'path of the health check', allowed: PATH },
  { flag: '--health-port <port>', parameter: 'healthPort', about: 'its port, where it is another', allowed: PORT },
  { flag: '--metrics-path <path>', parameter: 'metricsPath', about: 'path of the page of metrics', allowed: PATH },
  { flag: '--metrics-port <port>', parameter: 'metricsPort', about: 'its port, where it is another', allowed: PORT },
  { flag: '--host-header <name>', parameter: 'hostHeader', about: 'Host header of requests', allowed: 'a host name, and a port' },
  { flag: '--database-ports <ports>', parameter: 'databasePorts', about: 'ports of databases', allowed: 'up to twenty ports with commas' },
];

/** The option of a command, as commander names its value. */
const nameOf = ({ flag }: Asked): string => new Option(flag).attributeName();

export function withInspectionOptions(command: Command): Command {
  for (const asked of ASKED) command.addOption(new Option(asked.flag, `live: ${asked.about}`).argParser((text) => bound(asked, text)));
  return command;
}

function bound({ parameter, allowed }: Asked, text: string): string {
  const isPort = allowed === PORT;
  const fits = new RegExp(INSPECTION_PARAMETERS[parameter].allowedPattern).test(text) && text !== '';
  if (fits && (!isPort || (Number(text) >= 1 && Number(text) <= 65_535))) return text;
  throw new InvalidArgumentError(`got ${JSON.stringify(text)}; allowed: ${allowed}`);
}

/**
 * The inspection's parameters of parsed options. Ports that nobody gave are the application's own:
 * the script says so itself.
 */
export function parametersOf(options: Readonly<Record<string, unknown>>): Parameters {
  return Object.fromEntries(
    ASKED.flatMap((asked) => {
      const value = options[nameOf(asked)];
      return typeof value === 'string' ? [[asked.parameter, value] as const] : [];
    }),
  );
}

/** Names of the options that were given and are for live hosts only. */
export function givenOptions(options: Readonly<Record<string, unknown>>): string[] {
  return ASKED.filter((asked) => options[nameOf(asked)] !== undefined).map(({ flag }) => flag.split(' ')[0] ?? flag);
}
