declare module '*.dependency-cruiser.cjs' {
  import type { ICruiseOptions, IForbiddenRuleType } from 'dependency-cruiser'

  const rules: { forbidden: (IForbiddenRuleType & { name: string; comment: string })[]; options: ICruiseOptions }
  export default rules
}
