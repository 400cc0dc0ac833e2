/// How records are laid out in a log file; one file for each format.
package protocol LogFormat: AnyObject {
  /// What is to be between a record that was torn, by a machine's crash for example, and the next one; `nil`: nothing helps.
  var separator: UInt8? { get }

  /// Bytes that the record of a piece of `size` bytes can take at most.
  func bound(_ size: Int) -> Int

  /// Writes the record of a piece to `target`, where there is room enough.
  /// - Returns: its bytes.
  func write(_ piece: LogPiece, _ stream: OutputStream, to target: UnsafeMutableRawPointer) -> Int
}
