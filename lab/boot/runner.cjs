/**
 * What Lambda's runtime does for a Node.js function, in one child process: loads the handler once, then calls it for each message of the
 * parent. Plain JavaScript, so that a cold start is the handler's own.
 */
const path = require('node:path');

const load = () => {
  const [file, name] = process.env._HANDLER.split('.');
  const handler = require(path.join(process.env.LAMBDA_TASK_ROOT, file))[name];
  if (typeof handler !== 'function') throw new TypeError(`${process.env._HANDLER} is not a function`);
  return handler;
};

/** A handler that does not load fails each invocation with the reason, as Lambda reports it. */
const loaded = (() => {
  try {
    return { handler: load() };
  } catch (error) {
    return { error };
  }
})();

const told = (error) =>
  error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error)
    ? { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };

const answer = async ({ eventJson, context, deadlineAt }) => {
  try {
    if (loaded.error !== undefined) throw loaded.error;
    const getRemainingTimeInMillis = () => Math.max(0, deadlineAt - Date.now());
    const result = await loaded.handler(JSON.parse(eventJson), { ...context, getRemainingTimeInMillis });
    return { payloadJson: JSON.stringify(result ?? null) };
  } catch (error) {
    return { error: told(error) };
  }
};

process.on('message', (message) => void answer(message).then((reply) => process.send(reply)));
process.on('disconnect', () => process.exit());
