internal import EngineAPI

// What a client of an older version of the API cannot mean: a field that came later is not read. What it means by saying
// nothing is what Docker did then.

extension ContainerCreateRequest {
  mutating func adapt(to version: APIVersion) {
    if version < APIVersion(1, 44) { config.healthcheck?.startInterval = nil }
    if version < APIVersion(1, 40), hostConfig == nil { hostConfig = HostConfig() }
    hostConfig?.adapt(to: version)
  }
}

extension ContainerCreateRequest {
  /// - Throws: ``APIError`` for what is too much for Docker to pass over.
  func check(for version: APIVersion) throws(APIError) {
    if version < APIVersion(1, 48), hostConfig?.mounts.contains(where: { $0.type == .image }) == true {
      throw .invalidParameter("Mount type \"Image\" needs API v1.48 or newer")
    }
  }
}

extension HostConfig {
  mutating func adapt(to version: APIVersion) {
    if version < APIVersion(1, 40), ipcMode.isEmpty { ipcMode = "shareable" }
    if version < APIVersion(1, 42) { consoleSize = nil }
    if version < APIVersion(1, 43) { annotations = [:] }
    for index in mounts.indices { mounts[index].adapt(to: version) }
  }
}

extension Mount {
  fileprivate mutating func adapt(to version: APIVersion) {
    if version < APIVersion(1, 40) { bindOptions?.nonRecursive = false }
    if version < APIVersion(1, 42) { bindOptions?.createMountpoint = false }
    if version < APIVersion(1, 44), type == .bind {
      bindOptions = bindOptions ?? BindOptions()
      bindOptions?.readOnlyNonRecursive = true
      bindOptions?.readOnlyForceRecursive = false
    }
    if version < APIVersion(1, 45) { volumeOptions?.subpath = "" }
    if version < APIVersion(1, 46) { tmpfsOptions?.options = [] }
  }
}

extension ExecConfig {
  mutating func adapt(to version: APIVersion) {
    if version < APIVersion(1, 25) { environment = nil }
    if version < APIVersion(1, 35) { workingDirectory = "" }
    if version < APIVersion(1, 42) { consoleSize = nil }
  }
}

extension ExecStartRequest {
  mutating func adapt(to version: APIVersion) { if version < APIVersion(1, 42) { consoleSize = nil } }
}

extension Request {
  /// A parameter of the query; `nil` if the client's version of the API has none of this name.
  func parameter(_ name: String, since first: APIVersion) -> String? { version < first ? nil : query[name] }
}
