/** What a person is told who makes a mistake: the whole line, tag and message. */
export const told = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return String(error)
  }
  return 'nothing'
}
