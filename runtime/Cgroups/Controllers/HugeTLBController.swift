internal import OCIRuntimeSpec

/// Huge pages (config-linux.md §Huge page limits).
enum HugeTLBController: CgroupController {
  static let name = "hugetlb"

  static func settings(for resources: LinuxResources, version: CgroupVersion) throws(CgroupError) -> [CgroupSetting] {
    resources.hugepageLimits.enumerated().map { index, limit in
      set(
        "hugetlb.\(limit.pageSize).\(version == .v1 ? "limit_in_bytes" : "max")", limit.limit,
        for: "hugepageLimits[\(index)]")
    }
  }
}
