import { parseStackRecord, stackRecordName, type StackRecord } from '../../lambda/stack-record';

const RECORD: StackRecord = {
  v: 1,
  stack: 'Shop',
  responder: 'responder',
  cases: 'Cases',
  rounds: 'Rounds',
  sweeper: 'sweeper',
  prober: 'prober',
  killSwitch: '/sickbay/Shop/kill-switch',
  pageTopic: 'arn:aws:sns:us-east-1:123456789012:page',
  notifyTopic: 'arn:aws:sns:us-east-1:123456789012:notify',
  inspectionDocument: 'inspect',
  basicInspectionDocument: 'inspect-basic',
};

describe('the record of a stack', () => {
  it('stands below a fixed path', () => {
    expect(stackRecordName('Shop')).toBe('/sickbay/stacks/Shop');
  });

  it('reads what was written, and what a later release adds', () => {
    expect(parseStackRecord(JSON.stringify(RECORD))).toEqual(RECORD);
    expect(parseStackRecord(JSON.stringify({ ...RECORD, more: 1 }))).toMatchObject(RECORD);
  });

  it.each<[string, string, string]>([
    ['no JSON', 'x', 'JSON'],
    ['no object', 'null', 'no object'],
    ['a later version', JSON.stringify({ ...RECORD, v: 2 }), 'version 2; this command line reads 1'],
    ['a name is missing', JSON.stringify({ ...RECORD, cases: '', rounds: 1 }), 'no cases, rounds'],
  ])('%s is refused', (_, text, why) => {
    expect(() => parseStackRecord(text)).toThrow(why);
  });
});
