internal import ArgumentParser
internal import EngineAPI
internal import JSON
internal import LinuxKernel
internal import NIOCore
internal import NIOHTTP1

/// A registry as `login` and `logout` are told it.
private struct LoginServer {
  /// What its login is kept under.
  let key: String
  /// For a person.
  let title: String

  init(_ text: String?) {
    let host = (text ?? "").replacing("https://", with: "").replacing("http://", with: "").prefix { $0 != "/" }
    let isHub = host.isEmpty || [StoredLogins.hub, "index.docker.io", "registry-1.docker.io"].contains(String(host))
    key = isHub ? StoredLogins.hubKey : String(host)
    title = key
  }
}

struct LoginCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "login", abstract: "Authenticate to a registry", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: [.short, .long], parsing: .unconditional, help: "Username")
  var username = ""
  @Option(name: [.short, .long], parsing: .unconditional, help: "Password or Personal Access Token (PAT)")
  var password = ""
  @Flag(name: .long, help: "Take the Password or Personal Access Token (PAT) from stdin")
  var passwordStdin = false
  @Argument(help: .init(valueName: "server")) var servers: [String] = []

  func execute(_ engine: EngineClient) async throws {
    let server = LoginServer(servers.first)
    guard let file = LoginFile.ofUser else { throw ClientError.failed("neither DOCKER_CONFIG nor HOME is set") }
    let logins = try StoredLogins.ofUser()
    let helper = try logins.helper(for: server.key)
    let known = try helper.map { try $0.login(for: server.key) } ?? logins.login(for: server.key)
    var (login, answer) = try await logIn(engine, server, known)
    if !answer.identityToken.isEmpty { (login.identityToken, login.password) = (answer.identityToken, "") }
    if let helper {
      try helper.store(login, for: server.key)
      try file.set(.object(JSONObject()), for: server.key)
    } else {
      try await warn(file)
      try file.set(stored(login), for: server.key)
    }
    try await StandardOutput.output.writeLine(answer.status)
  }

  /// - Parameter known: what is kept already. If that is refused, a person is asked for what is not.
  private func logIn(
    _ engine: EngineClient, _ server: LoginServer, _ known: AuthConfig?
  ) async throws -> (AuthConfig, AuthResponse) {
    func tried(_ login: AuthConfig) async throws -> (AuthConfig, AuthResponse) {
      var login = login
      login.serverAddress = server.key
      return (login, try await engine.decode(AuthResponse.self, .POST, "/auth", body: .json(login)))
    }
    let isKept = known != nil && username.isEmpty && password.isEmpty && !passwordStdin
    do { return try await tried(try await credentials(known)) } catch ClientError.daemon(status: 401, _)
      where isKept && RawTerminal.isInputTerminal
    {
      try await StandardOutput.errors.writeLine("Stored credentials invalid or expired")
      return try await tried(try await credentials(nil))
    }
  }

  /// Who somebody says that he is.
  /// - Parameter known: what is kept already, which is asked about again if nothing else is said.
  private func credentials(_ known: AuthConfig?) async throws -> AuthConfig {
    var login = AuthConfig()
    if passwordStdin {
      guard password.isEmpty else {
        throw ClientError.failed("conflicting options: cannot specify both --password and --password-stdin")
      }
      guard !username.isEmpty else {
        throw ClientError.failed("the --password-stdin option requires --username to be set")
      }
    } else if !password.isEmpty {
      try await StandardOutput.errors.writeLine(
        "WARNING! Using --password via the CLI is insecure. Use --password-stdin.")
    } else if username.isEmpty, let known {
      try await StandardOutput.output.writeLine("Authenticating with existing credentials...")
      return known.parted
    } else if !RawTerminal.isInputTerminal {
      throw ClientError.failed("cannot perform an interactive login from a non-TTY device")
    }
    login.username = username.isEmpty ? try await Self.line("Username: ", isSecret: false) : username
    login.password = password
    if passwordStdin { login.password = try await Self.line("", isSecret: false, untilEnd: true) }
    if login.password.isEmpty { login.password = try await Self.line("Password: ", isSecret: true) }
    guard !login.username.isEmpty else { throw ClientError.failed("username is required") }
    guard !login.password.isEmpty else { throw ClientError.failed("password is required") }
    return login
  }

  private static func line(_ question: String, isSecret: Bool, untilEnd: Bool = false) async throws -> String {
    try await StandardOutput.output.write(question)
    let terminal = try FileDescriptor.standard(0)
    let mode = isSecret ? TerminalMode(of: terminal.number) : nil
    try mode?.withoutEcho.apply(to: terminal.number)
    let result: Result<String, any Error>
    do { result = .success(try await typed(untilEnd: untilEnd)) } catch { result = .failure(error) }
    try mode?.apply(to: terminal.number)
    if isSecret { try await StandardOutput.output.write("\n") }
    let text = try result.get()
    return untilEnd ? text.trimmingLineEnds : text
  }

  private static func typed(untilEnd: Bool) async throws -> String {
    let input = try InputReader.standardInput()
    var bytes = ByteBuffer()
    // More than a line of a person's is none.
    while untilEnd || !bytes.readableBytesView.contains(UInt8(ascii: "\n")), bytes.readableBytes < 64 << 10,
      var piece = try await input.next()
    { bytes.writeBuffer(&piece) }
    let text = String(buffer: bytes)
    return untilEnd ? text : String(text.prefix { !$0.isNewline })
  }

  private func warn(_ file: LoginFile) async throws {
    try await StandardOutput.errors.write(
      """

      WARNING! Your credentials are stored unencrypted in '\(file.path)'.
      Configure a credential helper to remove this warning. See
      https://docs.docker.com/go/credential-store/


      """)
  }

  /// As `config.json` keeps it.
  private func stored(_ login: AuthConfig) -> JSONValue {
    var kept = JSONObject()
    if login.identityToken.isEmpty {
      kept.append("auth", .string(Base64.encode(Array("\(login.username):\(login.password)".utf8))))
    } else {
      kept.append("auth", .string(Base64.encode(Array("\(login.username):".utf8))))
      kept.append("identitytoken", .string(login.identityToken))
    }
    return .object(kept)
  }
}

struct LogoutCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "logout", abstract: "Log out from a registry", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Argument(help: .init(valueName: "server")) var servers: [String] = []

  /// The daemon knows of no logins: it is not asked.
  package func run() async throws {
    do { try await logOut() } catch {
      try await StandardOutput.errors.writeLine("\(error)")
      throw ExitCode(1)
    }
  }

  func execute(_ engine: EngineClient) async throws { try await logOut() }

  private func logOut() async throws {
    let server = LoginServer(servers.first)
    guard let file = LoginFile.ofUser else { throw ClientError.failed("neither DOCKER_CONFIG nor HOME is set") }
    let logins = try StoredLogins.ofUser()
    let helper = try logins.helper(for: server.key)
    // The file first: it can be changed even if the helper cannot be asked.
    let isInFile = logins.names(server.key)
    if isInFile { try file.set(nil, for: server.key) }
    let isWithHelper = try helper?.login(for: server.key) != nil
    guard isInFile || isWithHelper else {
      return try await StandardOutput.output.writeLine("Not logged in to \(server.title)")
    }
    try await StandardOutput.output.writeLine("Removing login credentials for \(server.title)")
    try helper?.erase(server.key)
  }
}

extension AuthConfig {
  /// With name and password apart, which `config.json` keeps in one.
  fileprivate var parted: AuthConfig {
    var login = self
    if username.isEmpty, let bytes = Base64.decode(auth) {
      let parts = String(decoding: bytes, as: UTF8.self).split(
        separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { (login.username, login.password) = (String(parts[0]), String(parts[1])) }
    }
    login.auth = ""
    return login
  }
}

extension String {
  /// Without the line ends at the end.
  fileprivate var trimmingLineEnds: String { String(reversed().drop { $0.isNewline }.reversed()) }
}
