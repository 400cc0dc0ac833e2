internal import LinuxKernel

/// What there is of a network on the host, and what its containers' interfaces are attached to. Blocks; not for the cooperative
/// pool.
enum Segment: Hashable, Sendable {
  case bridge(Bridge)
  case parent(ParentInterface)

  /// The name of its interface.
  var name: String {
    switch self {
    case .bridge(let bridge): bridge.name
    case .parent(let parent): parent.name
    }
  }

  /// Makes it, or takes the one that is there.
  /// - Parameter inUse: containers are attached to it.
  func ensure(inUse: Bool) throws -> Bridge.Notes {
    switch self {
    case .bridge(let bridge): return try bridge.ensure(inUse: inUse)
    case .parent(let parent):
      try parent.ensure()
      return Bridge.Notes()
    }
  }

  /// Removes it unless others use it.
  /// - Returns: the names of their interfaces.
  func remove() throws -> [String] {
    switch self {
    case .bridge(let bridge): return try bridge.remove()
    case .parent(let parent):
      try parent.remove()
      return []
    }
  }

  /// Makes the container's interface; leaves nothing behind when it throws.
  /// - Parameter parameters: of the interface, to be set before it is up.
  func connect(_ endpoint: Endpoint, pid: Int32, _ parameters: [InterfaceParameter]) throws {
    switch self {
    case .bridge(let bridge): try ContainerLink(bridge: bridge).create(endpoint, pid: pid, parameters)
    case .parent(let parent): try parent.connect(endpoint, pid: pid, parameters)
    }
  }

  /// Takes it back. Harmless if there is none.
  /// - Parameters:
  ///   - pid: a process in the container's network namespace, nil if that is gone.
  ///   - staysOn: whether another of the container's networks is on the same parent.
  func disconnect(_ endpoint: Endpoint, pid: Int32?, staysOn: Bool) throws {
    switch self {
    case .bridge: try ContainerLink.delete(endpoint.hostInterface)
    case .parent(let parent): if let pid { try parent.disconnect(endpoint, pid: pid, staysOn: staysOn) }
    }
  }

  /// Attaches the interface of a container that lives again if the segment had to be made again. With a parent the kernel has removed
  /// it: it is made again, too.
  /// - Parameters:
  ///   - pid: a process in the container's network namespace, nil if nobody knows one.
  ///   - staysOn: as in ``disconnect(_:pid:staysOn:)``.
  /// - Returns: false if there is no such interface; true where nobody knows.
  func reconnect(_ endpoint: Endpoint, pid: Int32?, staysOn: Bool) throws -> Bool {
    switch self {
    case .bridge(let bridge): return try ContainerLink(bridge: bridge).reconnect(endpoint.hostInterface)
    case .parent(let parent):
      if let pid { try parent.reconnect(endpoint, pid: pid, staysOn: staysOn) }
      return true
    }
  }
}
