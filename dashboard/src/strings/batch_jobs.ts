/** Texts about batch jobs. */
export const batchJobs = {
  named: (job: string) => `batch job ${job}`,
  job: "Name of the batch job",
  uriHint: "Such as s3://bucket/baseline.csv or .parquet. Leave empty to take a batch job.",
};
