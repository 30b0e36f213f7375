// Texts of the template.
declare module '*.typ?raw' {
  const text: string
  export { text as default }
}
