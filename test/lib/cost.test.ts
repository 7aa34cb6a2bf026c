import { ALARMS, COMPOSITE_ALARMS, STOP_ALARMS } from '../../bin/cost/estimate';
import { STOPPING, removeDirectories, synthesise } from './synthesised';

// A synthesis takes a second or two; this is only to end one that hangs.
jest.setTimeout(60_000);

describe('the estimate of costs', () => {
  const { template } = synthesise();
  afterAll(removeDirectories);

  test('counts the alarms that the stack makes', () => {
    expect(Object.keys(template.findResources('AWS::CloudWatch::Alarm'))).toHaveLength(ALARMS);
    expect(Object.keys(template.findResources('AWS::CloudWatch::CompositeAlarm'))).toHaveLength(COMPOSITE_ALARMS);
  });

  test('counts those of a stack that may stop something', () => {
    const stopping = synthesise(STOPPING).template;
    expect(Object.keys(stopping.findResources('AWS::CloudWatch::Alarm'))).toHaveLength(ALARMS + STOP_ALARMS);
  });

  /** The smallest are those that run in a deployment or a deletion alone. */
  test('knows the memory of the functions', () => {
    const functions = Object.values(template.findResources('AWS::Lambda::Function')) as { Properties: { MemorySize: number } }[];
    expect(functions.map(({ Properties }) => Properties.MemorySize).sort((a, b) => a - b)).toEqual([
      256, 256, 256, 512, 512, 512, 512, 512, 1769,
    ]);
  });
});
