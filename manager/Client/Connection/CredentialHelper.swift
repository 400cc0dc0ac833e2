internal import EngineAPI
internal import Glibc
internal import JSON
internal import LinuxKernel

/// A program that keeps logins, `docker-credential-NAME`: it is told what to do by its argument, and on what by its input.
struct CredentialHelper: Equatable {
  /// The user's name of what is no password but a token.
  private static let tokenName = "<token>"
  private static let outputLimit = 1 << 20
  /// More than any login: it fits into a pipe, so that nobody waits for the other.
  private static let inputLimit = 32 << 10

  let name: String

  /// - Throws: ``ClientError/failed(_:)`` if that cannot be a part of a program's name.
  init(_ name: String) throws(ClientError) {
    guard !name.contains("/"), !name.contains("\0") else {
      throw .failed("\"\(name)\" cannot be the name of a credential helper")
    }
    self.name = name
  }

  /// What it has for a registry; nil if there is nothing.
  func login(for key: String) throws -> AuthConfig? {
    let (isFine, output) = try run("get", key)
    guard isFine else {
      if output.contains("credentials not found") { return nil }
      throw failure(output)
    }
    let kept: KeptLogin
    do { kept = try KeptLogin(jsonText: Array(output.utf8)) } catch { throw failure("\(error)") }
    var login = AuthConfig()
    if kept.name == Self.tokenName {
      login.identityToken = kept.secret
    } else {
      (login.username, login.password) = (kept.name, kept.secret)
    }
    return login
  }

  func store(_ login: AuthConfig, for key: String) throws {
    var kept = KeptLogin()
    kept.server = key
    let isToken = !login.identityToken.isEmpty
    (kept.name, kept.secret) =
      isToken ? (Self.tokenName, login.identityToken) : (login.username, login.password)
    let (isFine, output) = try run("store", String(decoding: JSONWriter.bytes(kept), as: UTF8.self))
    guard isFine else { throw failure(output) }
  }

  /// Nothing there is fine.
  func erase(_ key: String) throws {
    let (isFine, output) = try run("erase", key)
    guard isFine || output.contains("credentials not found") else { throw failure(output) }
  }

  private func failure(_ reason: String) -> ClientError {
    .failed("docker-credential-\(name): \(reason.split(separator: "\n").first ?? "it failed")")
  }

  private func run(_ action: String, _ input: String) throws -> (isFine: Bool, output: String) {
    guard input.utf8.count <= Self.inputLimit else { throw failure("the login is too long") }
    let path = try program()
    var into = try Pipe()
    var from = try Pipe()
    let output = from.takeReadEnd()
    let pid = try spawn(path, action, Array(input.utf8), into.takeReadEnd(), into.takeWriteEnd(), from.takeWriteEnd())
    let text: [UInt8]
    do throws(SyscallError) { text = try output.readAll(limit: Self.outputLimit) } catch {
      // It may wait for somebody to read the rest.
      try Processes.kill(pid, SIGKILL)
      _ = try Processes.reap(pid)
      throw failure(error.errno.rawValue == EFBIG ? "its answer is too long" : "\(error)")
    }
    let status = try Processes.reap(pid)?.status
    return (status == .exited(0), String(decoding: text, as: UTF8.self))
  }

  /// Starts it with all that it is told; nobody but it has the ends of the pipes afterwards.
  private func spawn(
    _ path: String, _ action: String, _ input: [UInt8], _ stdin: consuming FileDescriptor,
    _ feed: consuming FileDescriptor, _ stdout: consuming FileDescriptor
  ) throws -> Int32 {
    try feed.writeAll(input)
    return try ChildProcess.spawn(
      path, ["docker-credential-\(name)", action], stdin: stdin, stdout: stdout, stderr: FileDescriptor.standard(2))
  }

  private func program() throws -> String {
    let folders = Machine.variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
    for folder in folders.split(separator: ":") {
      let path = "\(folder)/docker-credential-\(name)"
      if Machine.canExecute(path) { return path }
    }
    throw failure("executable file not found in $PATH")
  }
}

/// What a helper is told to keep, and what it gives.
private struct KeptLogin: JSONMappable {
  var server = ""
  var name = ""
  var secret = ""

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("ServerURL", &server)
    try json.field("Username", &name)
    try json.field("Secret", &secret)
  }
}
