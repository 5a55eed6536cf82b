/** Texts about batch jobs. */
export const batchJobs = {
  named: (job: string) => `batch job ${job}`,
  short: (job: string) => (job.length > 14 ? `…${job.slice(-13)}` : job),
};
