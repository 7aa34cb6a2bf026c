/**
 * From an alarm of the template to the round that it asks for: the lab's CloudWatch, the template's
 * rule, the sweeper's own reading of the event.
 */
import { isBehind, type AlarmEvent } from '../../lambda/discover/alarm';
import { deliverEvent } from '../../lab/boot/event-rules';
import { GROUP_ARN, LOAD_BALANCER, drillConfig } from '../../lab/drill/config';
import { RealClock } from '../../lab/world/clock';
import type { AwsEvent } from '../../lab/world/cloudwatch-alarms';
import { createWorld } from '../../lab/world/world';
import { removeDirectories, synthesise } from './synthesised';
import { listedGroupOf } from '../builders/groups';

type Invoked = [name: string, payload: unknown, type: string];

describe('an alarm that goes off', () => {
  const { assembly } = synthesise({ ...drillConfig({}), alarmNames: ['of-the-operator'] });
  const clock = new RealClock();
  afterAll(removeDirectories);
  afterAll(() => clock.close());

  /** What the functions are given when an alarm changes to a state. */
  async function onChange(alarmName: string, state: 'ALARM' | 'INSUFFICIENT_DATA'): Promise<Invoked[]> {
    const events: AwsEvent[] = [];
    const invoked: Invoked[] = [];
    const world = createWorld({ clock, onEvent: (event) => void events.push(event) });
    for (const { name, namespace, metricName, dimensions } of assembly.alarms)
      world.alarms.addAlarm({ AlarmName: name, Namespace: namespace, MetricName: metricName, Dimensions: [...dimensions] });
    world.alarms.addAlarm({ AlarmName: 'of-the-operator', Namespace: 'Shop', MetricName: 'Orders' });
    world.alarms.setAlarmState({ AlarmName: alarmName, StateValue: state, StateReason: 'test' });
    const invoke = async (...call: Invoked) => {
      invoked.push(call);
      return {};
    };
    for (const event of events) await deliverEvent(assembly.rules, invoke, event);
    return invoked;
  }

  const alarmOn = (value: string) =>
    assembly.alarms.find(({ dimensions }) => dimensions.some((dimension) => dimension.Value === value))?.name ?? 'none';
  const behind = listedGroupOf({
    arn: GROUP_ARN,
    loadBalancerArns: [`arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/${LOAD_BALANCER}`],
  });
  const elsewhere = { ...behind, loadBalancerArns: [], arn: GROUP_ARN.replace('checkout-tg', 'search') };

  test('on a load balancer starts the sweeper once, for what is behind that load balancer', async () => {
    const invoked = await onChange(alarmOn(LOAD_BALANCER), 'ALARM');
    expect(invoked).toEqual([[expect.stringContaining('Sweeper'), expect.objectContaining({ source: 'aws.cloudwatch' }), 'Event']]);
    const isAbout = isBehind(invoked[0]?.[1] as AlarmEvent);
    expect([isAbout(behind), isAbout(elsewhere)]).toEqual([true, false]);
  });

  test('of the operator’s own, on a metric of the application, starts a round of everything', async () => {
    const invoked = await onChange('of-the-operator', 'ALARM');
    expect(invoked).toHaveLength(1);
    const isAbout = isBehind(invoked[0]?.[1] as AlarmEvent);
    expect([isAbout(behind), isAbout(elsewhere)]).toEqual([true, true]);
  });

  test('starts nothing when it merely lacks data, or is one on Sickbay itself', async () => {
    expect(await onChange(alarmOn(LOAD_BALANCER), 'INSUFFICIENT_DATA')).toEqual([]);
    const own = assembly.alarms.find(({ metricName }) => metricName === 'BlindGroups')?.name ?? 'none';
    expect(await onChange(own, 'ALARM')).toEqual([]);
  });
});
