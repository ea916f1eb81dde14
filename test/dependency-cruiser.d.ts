declare module '*.dependency-cruiser.cjs' {
  const rules: { forbidden: { name: string; comment: string }[]; options: object }
  export default rules
}
