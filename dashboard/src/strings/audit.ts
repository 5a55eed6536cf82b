/** The audit trail. */

export const audit = {
  title: "Audit trail",
  about:
    "Everything that was done, by whom and when. Entries are chained by hashes: what was written cannot be changed unnoticed.",
  subject: "About",
  subjectHint: "model/<id>",
  actorHint: "whole address",
  actionHint: "model.changed",
  actor: "Who",
  action: "What was done",
  since: "Since day",
  until: "Until day",
  filter: "Filter the audit trail",
  none: "No entry matches.",
  read: (count: number, more: boolean): string =>
    more
      ? `The newest ${count} entries that match; older ones follow.`
      : count === 1
        ? "1 entry matches."
        : `${count} entries match.`,
  all: "all entries",
  more: "Read older entries",
  when: "When",
  entry: "Entry",
  details: "Details",
  before: "before",
  after: "after",
  moreFacts: (count: number): string => (count === 1 ? "1 more fact" : `${count} more facts`),
  csv: "CSV",
  json: "JSON",
  exported: (count: number, file: string): string => `${count} entries are in ${file}.`,
  exportedFirst: (count: string, file: string): string =>
    `The newest ${count} entries are in ${file}. Narrow the search, or export all of it with \`syndic audit export\`.`,
  notExported: (reason: string): string => `No file was made: ${reason}`,
  exporting: "Reading …",
  prove: "Prove",
  proveEntry: (index: number): string => `Prove entry ${index}`,
  proof: (index: number): string => `Proof of entry ${index}`,
  proofAbout:
    "This browser computes each step itself. It believes nothing of the platform but the log's key, which you compare with the one that you were given before.",
  proving: "Computing …",
  notProven: "This could not be proven. ",
  holds: "holds",
  fails: "does not hold",
  untold: "cannot be told here",
  steps: {
    same: "The entry that is shown is the one that is proven.",
    content: "Its content, place and salt give the hash that it carries (RFC 8785, SHA-256).",
    included: "That hash is a leaf of the tree of the checkpoint (RFC 9162).",
    signed: "The checkpoint is signed by the log's key (Ed25519).",
  },
  proven: (index: number, size: string): string => `Entry ${index} is in the trail of ${size} entries.`,
  disproven: (index: number): string => `Entry ${index} is not proven.`,
  partly: (index: number): string =>
    `Entry ${index} is in the tree of the checkpoint; whether the log's key signed that, this browser cannot tell.`,
  key: "The log's key",
  keyFirst: "Seen for the first time on this device: compare it with the one that you were given, then keep it here.",
  keyKept: "It is the key that was kept on this device.",
  keyOther: "This is not the key that was kept on this device. Do not believe the proof before you know why.",
  keepKey: "Keep this key on this device",
  root: "Root of the checkpoint",
  download: "Download the proof",
  verify: "Verify the trail",
  notVerified: (reason: string): string => `Whether the trail is intact is not known. ${reason}`,
  verifying: "Verifying …",
  intact: (size: string): string => `The trail is intact: ${size} entries, each with the hash of the one before.`,
  broken: (count: number): string => `The trail is not intact: ${count} problems.`,
  head: "Head",
  lastWeek: "Last 7 days",
} as const;
