/// The content types of container output (Engine API, ContainerAttach §Stream format).
package enum StreamContentType {
  /// A terminal's bytes as they are; also what clients before 1.42 are told about multiplexed streams.
  package static let raw = "application/vnd.docker.raw-stream"
  /// Frames with an eight-byte header.
  package static let multiplexed = "application/vnd.docker.multiplexed-stream"

  package static func forStream(terminal: Bool, version: APIVersion) -> String {
    terminal || version < .namesMultiplexedStreams ? raw : multiplexed
  }
}
