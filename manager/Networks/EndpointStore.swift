/// Where endpoints are kept between two lives of the manager.
public protocol EndpointStore: Sendable {
  /// Adds or replaces the container's endpoint on its network; it must survive the death of the process.
  func put(_ endpoint: Endpoint) async throws
  /// Forgets the container's endpoint, if there is one.
  func remove(containerID: String, network: String) async throws
  /// All endpoints that can be read; the others are the store's to report.
  func endpoints() async throws -> [Endpoint]
}
