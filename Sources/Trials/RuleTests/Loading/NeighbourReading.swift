internal import Connectors

/// A file's bytes, or in words why it cannot be read.
package func readNeighbour(_ path: String) throws(FileProblem) -> [UInt8] {
  do throws(StreamError) {
    return try ByteSource.contents(of: path)
  } catch {
    throw FileProblem(error.description)
  }
}
