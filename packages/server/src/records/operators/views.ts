export { actorOf, findOperatorById } from './operators.ts'
