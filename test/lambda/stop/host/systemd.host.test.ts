/**
 * Real systemd timers, by a systemd that runs the user's units and nothing of the machine's: as pid
 * 1 it would start what the machine has installed, systemd-tmpfiles among it, which empties /tmp.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stopProgram } from '../../../../scripts/stop-program';
import { neededInCi } from '../../../needed-in-ci';
import { without } from './guards';
import { scripts } from './program';
import { play } from './world';

const MANAGER = '/lib/systemd/systemd';
const HIERARCHIES = ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified'];
/** Of each scene, where its systemd begins. */
const ownGroups: string[] = [];

/** Both of a hybrid layout: this is where systemd keeps its units, and what it takes for a boot. */
const isThere = [MANAGER, ...HIERARCHIES.map((place) => `${place}/cgroup.procs`)].every((file) => existsSync(file));
neededInCi(isThere, 'no systemd, or no control groups of its own below /sys/fs/cgroup');

/** The program takes pid 1 alone for systemd: its sockets are those of its units. */
const OF_THIS_SYSTEMD = scripts(
  without(stopProgram(), {
    name: 'the systemd of this test is not pid 1',
    from: 'process.pid != 1]',
    to: "process.pid != 1 and base_of(process) != b'systemd']",
  }),
  'by-its-name',
);

/**
 * `scene` with a systemd of its own: the machine is read-only but for what world.sh mounts, and
 * there are no units, no generators and no environment but what stands here.
 */
function playUnderSystemd(scene: string): ReturnType<typeof play> {
  const inside = String.raw`
    mount -o remount,bind,ro /
    if : >/tmp/sickbay-writable || : >/etc/sickbay-writable; then echo 'the machine can be written' >&2; exit 1; fi 2>/dev/null
    mount -t tmpfs -o mode=755 none /sys/fs/cgroup; mkdir ${HIERARCHIES.join(' ')}
    mount -t cgroup -o none,name=systemd cgroup ${HIERARCHIES[0]}; mount -t cgroup2 cgroup2 ${HIERARCHIES[1]}
    mkdir -p /run/systemd/system /run/units /run/user/0/systemd/user /run/none
    cp /usr/bin/systemctl /run/systemctl.real
    printf '#!/bin/sh\nXDG_RUNTIME_DIR=/run/user/0 exec /run/systemctl.real --user "$@"\n' >/run/systemctl
    chmod 755 /run/systemctl; mount --bind /run/systemctl /usr/bin/systemctl
    export XDG_RUNTIME_DIR=/run/user/0 HOME=/run/none SYSTEMD_UNIT_PATH=/run/user/0/systemd/transient:/run/user/0/systemd/user:/run/units
    export SYSTEMD_GENERATOR_PATH=/run/none SYSTEMD_ENVIRONMENT_GENERATOR_PATH=/run/none SYSTEMD_USER_ENVIRONMENT_GENERATOR_PATH=/run/none
    cp /bin/sleep /run/report
    # timer FOLDER NAME WHEN
    timer() {
      printf '[Service]\nSlice=system.slice\nExecStart=/run/report 900\n' >$1/$2.service
      printf '[Timer]\n%s\nAccuracySec=100ms\n' "$3" >$1/$2.timer
    }
    printf '[Unit]\n' >/run/units/basic.target
    ${MANAGER} --user --unit=basic.target >/run/log 2>&1 &
    for _ in $(seq 100); do systemctl is-active basic.target >/run/none/asked 2>&1 && break || sleep 0.1; done
    systemctl is-active basic.target >/run/none/asked || { cat /run/log >&2; exit 1; }
    # started NAME: the pid of its service, once its timer has started it.
    started() {
      for _ in $(seq 200); do
        found=$(systemctl show -P MainPID $1.service)
        case $found in '' | 0) sleep 0.1 ;; *) echo $found; return ;; esac
      done
      exit 1
    }
    ${scene}`;
  const own = HIERARCHIES.map((place) => `${place}/sickbay-test-${process.pid}-${ownGroups.length}`);
  ownGroups.push(...own);
  const outside = String.raw`
    mkdir ${own.join(' ')}; for place in ${own.join(' ')}; do echo $$ >$place/cgroup.procs; done
    export -f say plan status digest stop undo runs now; export PLAN STOP UNDO
    cat >/run/scene.sh <<'END_OF_SCENE'
    set -eu${inside}
END_OF_SCENE
    unshare --cgroup bash /run/scene.sh`;
  return play(outside, { documents: OF_THIS_SYSTEMD });
}

// The systemd and what it started end with the scene's process namespace; their control groups
// stay.
afterAll(() => {
  spawnSync('find', [...ownGroups, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']);
});

const systemd = isThere ? describe : describe.skip;

systemd(isThere ? 'a timer of systemd itself' : 'a timer of systemd itself: skipped, none that can run here', () => {
  test.each([
    ['a calendar', 'OnCalendar=*:*:0/2', 2],
    ['the time since its last start, whose period is not told', 'OnActiveSec=1\nOnUnitActiveSec=1', undefined],
  ])('by %s: starts nothing while it is held, and starts it again after the undo', (_name, when, periodS) => {
    const said = playUnderSystemd(String.raw`
      timer /run/units report '${when}'; systemctl start report.timer; pid=$(started report)
      plan=$(plan $pid); say plan "$plan"; say stopped "$(stop $pid $(digest "$plan"))"; say held "$(status)"
      say shown "$(systemctl show report.timer --property=ActiveState,UnitFileState | tr '\n' ' ')"
      sleep 5; say started "$(systemctl show -P MainPID report.service)"
      say undone "$(undo)"; say twice "$(undo)"; say runs "$(runs $(started report))"; say free "$(status)"`);
    expect(said.plan.starter).toEqual({
      kind: 'timer',
      unit: 'report.timer',
      service: 'report.service',
      ...(periodS === undefined ? {} : { periodS }),
    });
    expect(said).toMatchObject({
      stopped: { outcome: 'stopped', starter: 'timer-masked', signalled: [{ signal: 'TERM', ended: true }] },
      held: { starter: 'held', alive: [], back: [] },
      shown: 'ActiveState=inactive UnitFileState=masked-runtime ',
      started: 0,
      undone: { outcome: 'undone' },
      twice: { outcome: 'nothing-to-undo' },
      runs: 'yes',
      free: { starter: 'undone' },
    });
  });

  test('of `systemd-run` is refused: once it is stopped systemd knows it no more, and no undo brings it back', () => {
    const said = playUnderSystemd(String.raw`
      systemd-run --user --quiet --unit=report --slice=system.slice --on-active=1 /run/report 900; pid=$(started report)
      plan=$(plan $pid); say plan "$plan"; say outcome "$(stop $pid $(digest "$plan"))"; say runs "$(runs $pid)"
      systemctl stop report.timer; say known "$(systemctl show -P LoadState report.timer)"`);
    expect(said.plan.unsupported).toMatch(/the timer has no file/);
    expect(said).toMatchObject({ outcome: { outcome: 'refused' }, runs: 'yes', known: 'not-found' });
  });

  test('that cannot be masked, for its file stands where the mask would, is given back and nothing is stopped', () => {
    const said = playUnderSystemd(String.raw`
      timer /run/user/0/systemd/user report 'OnActiveSec=1'; systemctl start report.timer; pid=$(started report)
      say outcome "$(stop $pid $(digest "$(plan $pid)"))"; say runs "$(runs $pid)"; say active "$(systemctl show -P ActiveState report.timer)"`);
    expect(said).toMatchObject({ outcome: { outcome: 'refused', starter: 'untouched' }, runs: 'yes', active: 'active' });
    expect(said.outcome.why).toMatch(/systemctl mask/);
  });
});
