export * from './crockford.ts'
export * from './derived-secrets.ts'
export * from './masked-puk.ts'
export * from './native-admin-key.ts'
