/** A line of a script: who does what. */
export const say = (who: string, text: string): void => console.log(`${who.padEnd(13)} ${text}`)
