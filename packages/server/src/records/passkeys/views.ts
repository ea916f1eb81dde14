export { writeAssertion } from './ceremonies.ts'
