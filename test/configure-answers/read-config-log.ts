/** What one configure found out, by the name of its cache variable, from the end of its config.log; as shell words. */
export function readConfigLog(text: string): ReadonlyMap<string, string> {
  // Some packages lose backslashes in their log, and print `\n` as `n`.
  const section = /## Cache variables\. ##n?\n## -+ ##n?\n\n?([\s\S]*?)\n\n?n?## -/.exec(text)?.[1];
  if (section === undefined) return new Map();
  const assignments = section.split(/\n(?=[a-zA-Z0-9_]+_cv_[a-zA-Z0-9_]+=)/);
  return new Map(
    assignments.map((assignment) => {
      const at = assignment.indexOf('=');
      return [assignment.slice(0, at), assignment.slice(at + 1)] as const;
    }),
  );
}
