import JSON
import LinuxKernel
import ShimProtocol

/// A connection to a shim, as a manager has it. Waits for answers with a deadline.
final class ShimClient {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private var socket: FileDescriptor?
  private let epoll: Epoll
  private var decoder = FrameDecoder()
  private let patience: Int32

  /// - Parameter patience: milliseconds.
  init(_ bundle: BundleLayout, patience: Int32 = 20_000) throws {
    self.patience = patience
    epoll = try Epoll()
    let folder = try FileDescriptor.open(bundle.path, [.readOnly, .directory])
    let socket = try UnixSocket.connect(to: "/proc/self/fd/\(folder.number)/\(BundleLayout.socketName)")
    try epoll.add(socket, .readable, token: 0)
    self.socket = consume socket
  }

  func close() { socket = nil }

  func send(_ bytes: [UInt8]) throws {
    guard socket != nil else { throw Failure(description: "closed") }
    try socket?.writeAll(bytes)
  }

  func shutdownWriting() throws { try socket?.shutdownWriting() }

  /// The next frame, `nil` when the shim has closed.
  func next() throws -> Frame? {
    while true {
      if let frame = try decoder.next() { return frame }
      let chunk = try read()
      if chunk.isEmpty { return nil }
      decoder.append(chunk)
    }
  }

  private func read() throws -> [UInt8] {
    var isReady = false
    try epoll.wait(milliseconds: patience) { _ in isReady = true }
    guard isReady else { throw Failure(description: "no answer after \(patience) ms") }
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let count = try chunk.withUnsafeMutableBytes { try socket?.read(into: $0) ?? 0 }
    return Array(chunk[..<count])
  }

  func request(_ request: ShimRequest) throws -> ShimReply {
    try send(Frame(.request, JSONWriter.bytes(request)).bytes)
    guard let frame = try next(), frame.kind == .reply else { throw Failure(description: "no reply to \(request)") }
    return try ShimReply(jsonText: frame.payload)
  }

  /// Everything up to the end of an attach stream.
  func collect() throws -> AttachedOutput {
    var output = AttachedOutput()
    while let frame = try next() { try output.add(frame) }
    return output
  }

  /// Reads until standard output contains `text`.
  func read(until text: String) throws -> AttachedOutput {
    var output = AttachedOutput()
    while !output.stdoutText.contains(text) {
      guard let frame = try next() else { throw Failure(description: "the stream ended after \(output.stdoutText)") }
      try output.add(frame)
    }
    return output
  }
}

/// What an attach client has been sent.
struct AttachedOutput {
  var stdout: [UInt8] = []
  var stderr: [UInt8] = []
  var reason: ShimEvent.Reason?

  var stdoutText: String { String(decoding: stdout, as: UTF8.self) }
  var stderrText: String { String(decoding: stderr, as: UTF8.self) }

  mutating func add(_ frame: Frame) throws {
    switch frame.kind {
    case .stdout: stdout += frame.payload
    case .stderr: stderr += frame.payload
    case .event: if case .closed(let reason) = try ShimEvent(jsonText: frame.payload) { self.reason = reason }
    default: throw ShimClient.Failure(description: "unexpected \(frame.kind) frame")
    }
  }
}
