/** What we use of a package that has no types of its own. */
declare module 'spdx-expression-parse' {
  export type SpdxExpression =
    | { readonly license: string; readonly plus?: true; readonly exception?: string }
    | {
        readonly left: SpdxExpression;
        readonly conjunction: 'and' | 'or';
        readonly right: SpdxExpression;
      };
  /** Throws an Error for what is no valid expression. */
  export default function parse(expression: string): SpdxExpression;
}
