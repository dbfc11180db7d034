import { parentPort } from 'node:worker_threads';
import { checkJob, type Job } from './check-jobs.ts';

/** A thread that checks what it is told to, one job after another. */
if (parentPort === null) throw new Error('check-worker.ts is started as a thread');
const port = parentPort;
port.on('message', (job: Job) => port.postMessage(checkJob(job)));
