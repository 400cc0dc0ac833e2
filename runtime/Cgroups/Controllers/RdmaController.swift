internal import OCIRuntimeSpec

/// RDMA devices (config-linux.md §RDMA); the same file on both versions.
enum RdmaController: CgroupController {
  static let name = "rdma"

  static func settings(for resources: LinuxResources, version: CgroupVersion) throws(CgroupError) -> [CgroupSetting] {
    var settings: [CgroupSetting] = []
    for (device, limit) in resources.rdma.sorted(by: { $0.key < $1.key }) {
      let path = "rdma.\(device)"
      guard !device.isEmpty, !device.contains(where: { $0.isWhitespace }) else {
        throw invalid("\"\(device)\" is no name of a device", path)
      }
      let limits = [limit.hcaHandles.map { "hca_handle=\($0)" }, limit.hcaObjects.map { "hca_object=\($0)" }]
        .compactMap { $0 }
      guard !limits.isEmpty else { throw invalid("neither hcaHandles nor hcaObjects is given", path) }
      settings.append(set("rdma.max", "\(device) \(limits.joined(separator: " "))", for: path))
    }
    return settings
  }
}
