/**
 * Variables of the application's environment that this host alone has, or that every peer has and
 * it lacks. That one has another value than on every peer is told by `settingFacts`.
 */
import { lackedHere, onlyHere } from './compare';
import { seen, type Evidence } from './confidence';
import type { Fact } from './fact';
import type { Inspection } from './inspection';
import { factsAlone, settingFacts } from './release';
import type { View } from './view';

/** Of several, so many are told. */
const TOLD = 3;

/**
 * Kubernetes gives a pod a variable for each service that was there before it
 * (kubernetes.io/docs/concepts/services-networking/service, "Environment variables"): which ones
 * a pod has follows from its age.
 */
const OF_A_PLACE = /_(HOST|PORT)(_|$)/;

function variables({ app }: Inspection): Fact[] {
  return app.filter(({ key }) => key.startsWith('env:')).map(({ key, value }) => ({ name: key.slice('env:'.length), value }));
}

/** Whether all that there are were told: one that a cut list lacks may be there. */
function areAllTold(inspection: Inspection): boolean {
  const count = Number(inspection.app.find(({ key }) => key === 'variables')?.value ?? Number.NaN);
  return variables(inspection).length >= count;
}

const nameOf = ({ name }: Fact): string => name;

/** Variables that are set here, and on no peer. */
function setHere({ sick, peers }: Pick<View, 'sick' | 'peers'>): Fact[] {
  if (peers.length === 0 || !peers.every(areAllTold)) return [];
  return onlyHere(variables(sick), peers.map(variables), nameOf).filter(({ name }) => !OF_A_PLACE.test(name));
}

/** Variables that every peer has, with one value, and this host lacks. */
function unsetHere({ sick, peers }: Pick<View, 'sick' | 'peers'>): Fact[] {
  if (!areAllTold(sick)) return [];
  const lists = peers.map(variables);
  const values = (name: string): Set<string | undefined> => new Set(lists.map((list) => list.find((one) => one.name === name)?.value));
  return lackedHere(variables(sick), lists, nameOf).filter(({ name }) => !OF_A_PLACE.test(name) && values(name).size === 1);
}

function list(facts: readonly Fact[]): string {
  const told = facts.slice(0, TOLD).map(({ name, value }) => `${name}=${value}`);
  return `${told.join(', ')}${facts.length > TOLD ? ` and ${facts.length - TOLD} more` : ''}`;
}

/**
 * As evidence. Who starts a service by hand has, or lacks, several: together they count once each
 * way.
 */
export function variablesTell(view: Pick<View, 'sick' | 'peers'>): Evidence[] {
  const [own, lacked] = [setHere(view), unsetHere(view)];
  return [
    ...(own.length > 0 ? [seen('moderate', `the application's environment has ${list(own)}; no peer's has`)] : []),
    ...(lacked.length > 0
      ? [seen('moderate', `every peer's application has ${list(lacked)} in its environment, and this one has not`)]
      : []),
  ];
}

/**
 * By which an interpreter, its compiler, its memory or its log is told to work: what may make the
 * same page cost more.
 */
const OF_RUNTIME =
  /^(NODE_(OPTIONS|DEBUG|ENV)|(JAVA|CATALINA)_OPTS|(JDK_JAVA|JAVA_TOOL|_JAVA)_OPTIONS|PYTHON[A-Z]+|RUBYOPT|RUBY_[A-Z_]+|PERL5(OPT|DB)|GO(DEBUG|MAXPROCS|GC|MEMLIMIT)|MALLOC_[A-Z_]+|GLIBC_TUNABLES|LD_PRELOAD|(DOTNET|COMPlus)_[A-Za-z_]+|XDEBUG_MODE|(RAILS|RACK|APP|FLASK)_ENV)$|(^|_)(DEBUG|TRACE|TRACING|PROFILE|PROFILING|PROFILER|LOG_?LEVEL)(_|$)/;

/** Whether the runtime is told otherwise than on every peer. */
export function isRuntimeOther(view: Pick<View, 'sick' | 'peers'>): boolean {
  const otherwise = factsAlone(view.sick, view.peers, settingFacts).map(({ fact }) => fact);
  return [...otherwise, ...setHere(view), ...unsetHere(view)].some(({ name }) => OF_RUNTIME.test(name));
}
