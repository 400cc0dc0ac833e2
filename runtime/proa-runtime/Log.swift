internal import ContainerRuntime
internal import JSON
internal import LinuxKernel

/// Where errors go: runc's formats, which engines read back.
struct Log {
  enum Format {
    case text
    case json
  }

  private var path: String?
  private var format = Format.text
  private var isDebugging = false

  /// The standard error, as text.
  init() {}

  init(path: String?, format: String, isDebugging: Bool = false) throws(UsageError) {
    self.isDebugging = isDebugging
    self.path = path == "" || path == "/dev/stderr" ? nil : path
    switch format {
    case "text": self.format = .text
    case "json": self.format = .json
    default: throw UsageError("invalid log-format: \"\(format)\"")
    }
  }

  /// Writes the line to the log, and to the standard error for whoever has no log.
  func error(_ message: String) {
    if path != nil { FileDescriptorTable.writeStandardError(message + "\n") }
    write("error", message)
  }

  func warning(_ message: String) { write("warning", message) }

  /// What is done, for whoever asked with `--debug`; `nil` if nobody did.
  var debug: ((String) -> Void)? {
    guard isDebugging else { return nil }
    return { write("debug", $0) }
  }

  private func write(_ level: String, _ message: String) {
    let line = line(level, message, Timestamp.nowInSeconds().description)
    guard let path else { return FileDescriptorTable.writeStandardError(line) }
    do throws(SyscallError) {
      let file = try FileDescriptor.open(path, [.writeOnly, .create, .append, .noControllingTerminal], mode: 0o644)
      try file.writeAll(Array(line.utf8))
    } catch {
      FileDescriptorTable.writeStandardError("proa-runtime: --log: \(error)\n")
    }
  }

  func line(_ level: String, _ message: String, _ time: String) -> String {
    switch format {
    case .text: return "time=\"\(time)\" level=\(level) msg=\(JSONWriter.string(message))\n"
    case .json:
      let members: [JSONObject.Member] = [
        ("level", .string(level)), ("msg", .string(message)), ("time", .string(time)),
      ]
      return JSONWriter.string(JSONObject(members)) + "\n"
    }
  }
}
