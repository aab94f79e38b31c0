/** What needs Node: files. */
export { type FileError, readText, show as showFileError, writeText } from './file.js'
