internal import ShimProtocol

/// `none`: nothing is kept.
struct NoneDriver: LogDriver {
  let name = "none"
  let decoder: (any LogDecoder)? = nil

  func check(_ options: [String: String]) throws(ContainerError) {}

  func configuration(_ record: ContainerRecord, _ paths: ContainerPaths) throws(ContainerError) -> LogConfiguration {
    LogConfiguration()
  }
}
