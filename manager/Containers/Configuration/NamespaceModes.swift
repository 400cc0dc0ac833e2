public import JSON

/// Whose processes, host name or control groups a container sees.
public enum NamespaceMode: Equatable, Sendable, JSONConvertible {
  case isolated
  case host
  /// Those of another container, which runs when this one starts.
  case container(String)

  /// Reads Docker's `UTSMode` or `CgroupnsMode`, or with `container:…` allowed its `PidMode`.
  /// - Throws: ``ContainerError/invalid(_:)`` in Docker's words.
  public init(docker text: String, of kind: String, maybeContainers: Bool = false) throws(ContainerError) {
    guard !text.isEmpty else {
      self = .isolated
      return
    }
    guard let mode = NamespaceMode(text), maybeContainers || !mode.isContainer else {
      throw .invalid("invalid \(kind) mode: \(text)")
    }
    self = mode
  }

  private init?(_ text: String) {
    switch text {
    case "private": self = .isolated
    case "host": self = .host
    default:
      guard let name = ContainerReference.name(in: text) else { return nil }
      self = .container(name)
    }
  }

  private var isContainer: Bool { if case .container = self { true } else { false } }

  public init(json: JSONValue) throws(JSONError) {
    let text = try String(json: json)
    // What records before this type was written as Docker has it had.
    guard let mode = text == "isolated" ? .isolated : NamespaceMode(text) else {
      throw JSONError(.invalid("unknown namespace mode \"\(text)\""))
    }
    self = mode
  }

  public func write(to writer: inout JSONWriter) { text.write(to: &writer) }

  /// Docker's word for it.
  public var text: String {
    switch self {
    case .isolated: "private"
    case .host: "host"
    case .container(let name): ContainerReference.text(name)
    }
  }
}

/// Whose queues, semaphores and shared memory a container sees.
public enum IPCMode: Equatable, Sendable, JSONConvertible {
  case isolated
  /// Its own, without `/dev/shm`.
  case none
  /// Its own, which other containers may join.
  case shareable
  case host
  /// Those of another container, which is shareable and runs when this one starts.
  case container(String)

  /// Reads Docker's `IpcMode`.
  /// - Throws: ``ContainerError/invalid(_:)`` in Docker's words.
  public init(docker text: String) throws(ContainerError) {
    guard !text.isEmpty else {
      self = .isolated
      return
    }
    guard let mode = IPCMode(text) else { throw .invalid("invalid IPC mode: \(text)") }
    self = mode
  }

  private init?(_ text: String) {
    switch text {
    case "private": self = .isolated
    case "none": self = .none
    case "shareable": self = .shareable
    case "host": self = .host
    default:
      guard let name = ContainerReference.name(in: text) else { return nil }
      self = .container(name)
    }
  }

  public init(json: JSONValue) throws(JSONError) {
    let text = try String(json: json)
    // What records before this type was had.
    guard let mode = text == "isolated" ? .isolated : IPCMode(text) else {
      throw JSONError(.invalid("unknown IPC mode \"\(text)\""))
    }
    self = mode
  }

  public func write(to writer: inout JSONWriter) { text.write(to: &writer) }

  /// Docker's word for it.
  public var text: String {
    switch self {
    case .isolated: "private"
    case .none: "none"
    case .shareable: "shareable"
    case .host: "host"
    case .container(let name): ContainerReference.text(name)
    }
  }
}

/// `container:NAME`
public enum ContainerReference {
  private static let prefix = "container:"

  /// `nil` if `text` is something else, or names nothing.
  static func name(in text: String) -> String? {
    text.hasPrefix(prefix) && text != prefix ? String(text.dropFirst(prefix.count)) : nil
  }

  public static func text(_ name: String) -> String { prefix + name }
}
