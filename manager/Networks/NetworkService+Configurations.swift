/// Networks that are nothing but a description for others.
extension NetworkService {
  /// The request with what the network has that it is to be like.
  /// - Throws: ``NetworkError/forbidden(_:)``, ``NetworkError/configurationNotFound(_:)`` in Docker's words.
  func configured(_ request: NetworkRequest) throws(NetworkError) -> NetworkRequest {
    guard !request.configurationFrom.isEmpty else { return request }
    guard !request.isConfigurationOnly else {
      throw .forbidden("a configuration network cannot depend on another configuration network")
    }
    guard let source = try? network(request.configurationFrom), var configured = source.configuration else {
      throw .configurationNotFound(request.configurationFrom)
    }
    guard !request.hasConfiguration else {
      throw .forbidden(
        "user specified configurations are not supported if the network depends on a configuration network")
    }
    (configured.name, configured.driver) = (request.name, request.driver)
    (configured.isInternal, configured.isAttachable) = (request.isInternal, request.isAttachable)
    (configured.isConfigurationOnly, configured.configurationFrom) = (false, source.name)
    return configured
  }

  /// Writes the description down; there is nothing of it in the kernel.
  func keep(_ request: NetworkRequest) async throws -> Network {
    guard !request.isInternal, !request.isAttachable else {
      throw NetworkError.forbidden(
        "configuration network can only contain network specific fields. Network operator fields like "
          + "[ ingress | internal | attachable | scope ] are not supported.")
    }
    var network = try named(request)
    (network.driver, network.configuration) = (.null, request)
    networks[network.key] = try ManagedNetwork(network, .making)
    do { try await store.insert(network) } catch {
      networks[network.key] = nil
      throw error
    }
    networks[network.key]?.phase = .ready
    return network
  }
}
