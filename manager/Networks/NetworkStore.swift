/// Where networks are kept between two lives of the manager, but for those that are there from the beginning; and where it is told
/// what becomes of them.
public protocol NetworkStore: Sendable {
  /// It must survive a power cut.
  func insert(_ network: Network) async throws
  func remove(_ network: Network) async throws
  /// All that can be read; the others are the store's to report.
  func networks() async throws -> [Network]
  /// Those that nobody used have been removed.
  func pruned() async
}
