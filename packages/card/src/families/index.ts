export * from './families.ts'
export * from './recognise-card.ts'
