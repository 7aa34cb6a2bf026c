/** The prober as it is deployed, in a process of its own. */
import { handler } from '../../lambda/probe.handler';
import { serveJobs } from './worker';

serveJobs(handler);
