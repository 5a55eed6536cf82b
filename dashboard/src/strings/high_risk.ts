/** The form of Art. 6(4): why a system in an area of Annex III is not high-risk. */

export const highRisk = {
  title: "Assessment that it is not high-risk (Art. 6(4))",
  about:
    "Whoever provides a system in an area of Annex III and holds that it is not high-risk writes down why before it is placed on the market. Area and grounds are those of the questionnaire on the AI Act.",
  applies: "By the answers an exception of Art. 6(3) is relied on, so the form is owed.",
  appliesNot: "By the answers no exception of Art. 6(3) is relied on, so there is nothing to assess.",
  unknown: "The questionnaire on the AI Act is not answered, so it is not known whether the form is owed.",
  missing: "Still missing",
  fill: "Fill the form",
  fillAbout: "For one version. It is a draft until it is signed, and does not change then.",
  filled: (version: string): string => `The form of version ${version} is kept.`,
  sign: "Sign the form",
  signAbout:
    "You state with your name that what stands in it is so. It does not change then; another version has a form of its own.",
  signed: (version: string): string => `The form of version ${version} is signed.`,
  version: "Version",
  area: "Area of Annex III",
  grounds: {
    narrow_task: "(a) It performs a narrow procedural task",
    improves_human_result: "(b) It improves the result of a completed human activity",
    detects_patterns: "(c) It detects patterns of decisions and replaces no human assessment",
    preparatory_task: "(d) It performs a preparatory task",
  } as Readonly<Record<string, string>>,
  no_significant_risk: "Why there is no significant risk of harm (6(3), first paragraph)",
  influence: "Why it does not materially influence decisions (6(3))",
  no_profiling: "Why it does not profile natural persons (6(3), last paragraph)",
  notWritten: "not written yet",
  by: (who: string): string => `signed by ${who} `,
  states: {
    draft: { tone: "warn", text: "draft" },
    signed: { tone: "good", text: "signed" },
  },
  forms: (version: string): string => `Form of version ${version}`,
} as const;
