/** What somebody runs after the configuration is there. Pure. */
import type { ConfigInput } from '../../core/config';
import { ENFORCE_TAG_KEY } from '../../core/model';
import { tagInstances, tagLaunched, tagService, tagTargetGroup, type Place } from '../account/aws-command';
import { counted, listed } from './proposal';
import type { AccountSurvey } from './survey';

export interface Step {
  readonly title: string;
  readonly commands: readonly string[];
}

export interface NextFacts {
  readonly place: Place;
  readonly account: string;
  /** As a person gives it: relative to where they are. */
  readonly file: string;
  /** Whether it is the file that commands take by themselves. */
  readonly isHere: boolean;
  /**
   * Whether `cdk deploy` takes it by itself, when it is named, or an app of the reader's own does.
   */
  readonly deploys: 'by-itself' | 'when-named' | 'in-an-app';
  /** Where the checkout is, for who stands elsewhere: CDK's app is there. */
  readonly checkout?: string;
  /** The file, from anywhere. */
  readonly fullFile: string;
  /** How this command line is run again. */
  readonly command: (words: string) => string;
}

/** As the schema's default has it (core/config.ts). */
const INSPECTION_TAG = { key: 'sickbay:inspect', value: 'true' };

export function nextSteps(config: ConfigInput, survey: AccountSurvey, facts: NextFacts): Step[] {
  const { place, account, file, isHere, command } = facts;
  return [
    ...tagging(survey, place),
    { title: 'See what is missing, before and after deploying', commands: [command(`doctor${isHere ? '' : ` --config ${file}`}`)] },
    {
      title: 'Once in each account and Region, before the first deployment of any CDK app there',
      commands: [`${into(facts)}npx --no-install cdk bootstrap aws://${account}/${place.region}${profileOf(place)}`],
    },
    { title: 'Deploy it, observing', commands: deploying(facts) },
    enforcing(config, place),
    ...taggingServices(config, survey, place),
  ];
}

function enforcing({ stack = 'Sickbay', targetGroups }: ConfigInput, place: Place): Step {
  return {
    title: `Later, to let it remove targets: mode 'enforce' in the file, and this tag`,
    commands: targetGroups.flatMap(({ arn }) =>
      arn === undefined ? [] : [tagTargetGroup(arn, { key: ENFORCE_TAG_KEY, value: stack }, place)],
    ),
  };
}

function taggingServices(config: ConfigInput, { groups }: AccountSurvey, place: Place): Step[] {
  const declared = config.targetGroups.flatMap(({ ecs }) => ecs ?? []);
  const found = groups.flatMap(({ services = [] }) => services).filter((one) => declared.includes(one.declared));
  const commands = found.flatMap(({ declared: named, view }) =>
    view === undefined
      ? []
      : tagService({ arn: view.service.arn, ...named }, { key: ENFORCE_TAG_KEY, value: config.stack ?? 'Sickbay' }, place),
  );
  if (commands.length === 0) return [];
  const title = 'And to let it replace tasks: the tag on the service and, by a deployment that starts new ones, on its tasks';
  return [{ title, commands }];
}

function into({ checkout }: NextFacts): string {
  return checkout === undefined ? '' : `cd ${checkout} && `;
}

function deploying(facts: NextFacts): string[] {
  const { place, file, fullFile, deploys, checkout } = facts;
  const deploy = `npx --no-install cdk deploy${profileOf(place)}`;
  if (deploys === 'in-an-app') return [`new Sickbay(stack, 'Sickbay', { config }), with the config of ${file}; then ${deploy}`];
  const config = deploys === 'by-itself' ? '' : ` -c config=${checkout === undefined ? file : fullFile}`;
  return [`${into(facts)}npm run build && ${deploy}${config}`];
}

function profileOf({ profile }: Place): string {
  return profile === undefined ? '' : ` --profile ${profile}`;
}

function tagging({ groups }: AccountSurvey, place: Place): Step[] {
  const instances = groups.flatMap(({ targets }) => targets.flatMap(({ instance }) => instance ?? []));
  const untagged = [...new Set(instances.filter(({ tags }) => tags[INSPECTION_TAG.key] !== INSPECTION_TAG.value).map(({ id }) => id))];
  if (untagged.length === 0) return [];
  const scaling = groups.flatMap(({ owners }) =>
    [...(owners?.values() ?? [])].flatMap((one) => (one.owner === 'asg' ? [one.autoScaling.name] : [])),
  );
  const names = [...new Set(scaling)];
  const launched = names.length === 0 ? '' : `, and those that ${listed(names)} launches`;
  return [
    {
      title: `Allow ${counted(untagged.length, 'instance')} to be inspected${launched}: without it Sickbay says that a target is slow, not why`,
      commands: [...tagInstances(untagged, INSPECTION_TAG, place), ...names.map((name) => tagLaunched(name, INSPECTION_TAG, place))],
    },
  ];
}
