// swift-tools-version: 6.2

import PackageDescription

// MARK: - Settings

/// Every target: Swift 6, no implicit re-exports, explicit existentials, and no warning left standing.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

/// Of an Embedded Swift build of the runtime and the shim alone, which `hack/build` makes: the folder of that language's
/// libraries. Without metadata and a runtime library, programs that are started once per container start much faster.
let embeddedLibraries = Context.environment["PROA_EMBEDDED"]

/// The C library of that build: Debian's musl. glibc asks the processor for its features whenever a program starts, and each
/// question leaves the virtual machine, if there is one: about a quarter of a millisecond.
enum Musl {
  static let name = "\(embeddedLibraries?.split(separator: "/").last?.prefix { $0 != "-" } ?? "")-linux-musl"
  static let library = "/usr/lib/\(name)"

  /// Its headers come before glibc's, the kernel's and libseccomp's.
  static let headers = ["-D_GNU_SOURCE", "-isystem", "/usr/include/\(name)"]

  /// A static program that starts in its `crt1.o`. Debian's libseccomp has a call of glibc's for what is never printed here.
  static let linking =
    ["-use-ld=lld", "-L\(library)"]
    // swiftc asks for a position-independent program in any case, and clang says that -static overrules it.
    + ["-static", "-nostdlib", "-Wno-unused-command-line-argument"].flatMap { ["-Xclang-linker", $0] }
    + ["crt1.o", "crti.o", "libc.a", "crtn.o"].map { "\(library)/\($0)" }
    + defined(["__fprintf_chk=abort"])

  /// The runtime's own allocator, the target `Allocation`, in place of musl's.
  static let allocation = defined([
    "malloc=proa_allocate", "calloc=proa_allocate_zeros", "realloc=proa_reallocate", "free=proa_free",
    "posix_memalign=proa_allocate_aligned",
  ])

  private static func defined(_ symbols: [String]) -> [String] {
    symbols.flatMap { ["-Xlinker", "--defsym=\($0)"] }
  }
}

/// The runtime and the shim are started once per container: small text matters more than loop unrolling.
let compact: [SwiftSetting] =
  strict + [.unsafeFlags(["-Osize"], .when(configuration: .release))]
  + (embeddedLibraries == nil
    ? []
    : [
      .enableExperimentalFeature("Embedded"), .unsafeFlags(["-Xfrontend", "-function-sections"]),
      .unsafeFlags(Musl.headers.flatMap { ["-Xcc", $0] }),
    ])

let compactC: [CSetting] = embeddedLibraries == nil ? [] : [.unsafeFlags(Musl.headers)]

/// Says nothing of a `mktemp` in Foundation that nothing here comes to. Swift's metadata is found by the names of sections alone.
let lld = LinkerSetting.unsafeFlags(["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "nostart-stop-gc"])
let stripped = LinkerSetting.unsafeFlags(
  ["-Xlinker", "--gc-sections", "-Xlinker", "-s"], .when(configuration: .release))

let staticExecutable: [LinkerSetting] =
  [stripped, .unsafeFlags(["-Xlinker", "--gc-sections"])]
  + (embeddedLibraries.map { folder in
    [.unsafeFlags(Musl.linking + ["-L\(folder)"]), .linkedLibrary("swiftUnicodeDataTables"), .linkedLibrary("gcc")]
    // Swift looks for metadata in a library if a variable asks for it, and glibc warns of that.
  } ?? [.unsafeFlags(["-static-executable", "-Xlinker", "--defsym=dlopen=abort"])])

/// What `hack/build` says of the build: `GET /version` tells it. A build without is as good, and says nothing.
let buildFacts: [CSetting] = ["PROA_GIT_COMMIT", "PROA_BUILD_TIME"].compactMap { name in
  guard let value = Context.environment[name], value.allSatisfy({ $0.isLetter || $0.isNumber || "-+:.".contains($0) })
  else { return nil }
  return .define(name, to: "\"\(value)\"")
}

// MARK: - Packages

let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

// MARK: - Rooms

/// A library under `folder`, named as its folder.
func room(
  _ name: String, in folder: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = strict
) -> Target {
  .target(name: name, dependencies: dependencies, path: "\(folder)/\(name)", swiftSettings: settings)
}

/// The unit tests of one target: no root, no kernel state.
/// - Parameter data: folders of files that the tests read where they are.
func unitTests(_ name: String, _ dependencies: [Target.Dependency] = [], data: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies, path: "Tests/\(name)", exclude: data,
    swiftSettings: strict)
}

/// Tests that need root and a real kernel; `hack/test kernel` selects them by the suffix.
func kernelTests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)KernelTests", dependencies: dependencies, path: "Tests/Kernel/\(name)", swiftSettings: strict)
}

/// Stands in for the toolchain's module Glibc, which Embedded Swift does not have.
let glibc: [Target] = [
  .target(name: "CLibrary", dependencies: ["CLinux"], path: "runtime/CLibrary", cSettings: compactC),
  .target(name: "Glibc", dependencies: ["CLibrary", "CLinux"], path: "runtime/Glibc", swiftSettings: compact),
]

let kernelDoors: [Target.Dependency] = ["CLinux"] + (embeddedLibraries == nil ? [] : ["Glibc"])

/// What the runtime and the shim are built with as well.
let shared: [Target] = [
  room("JSON", in: "spec", settings: compact),
  room("OCIRuntimeSpec", in: "spec", ["JSON"], settings: compact),
  room("ShimProtocol", in: "spec", ["JSON"], settings: compact),
]

let spec: [Target] = shared + [room("OCIImageSpec", in: "spec", ["JSON"]), room("EngineAPI", in: "spec", ["JSON"])]

let runtime: [Target] = [
  .target(name: "CLinux", path: "runtime/CLinux", cSettings: compactC),
  .systemLibrary(
    name: "CSeccomp", path: "runtime/CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
  room("Allocation", in: "runtime", kernelDoors, settings: compact),
  room("LinuxKernel", in: "runtime", kernelDoors, settings: compact),
  room("DBus", in: "runtime", ["LinuxKernel"], settings: compact),
  room("Cgroups", in: "runtime", ["DBus", "JSON", "LinuxKernel", "OCIRuntimeSpec"], settings: compact),
  room("Rootfs", in: "runtime", ["LinuxKernel", "OCIRuntimeSpec"], settings: compact),
  room("Confinement", in: "runtime", ["JSON", "LinuxKernel", "OCIRuntimeSpec", "CSeccomp"], settings: compact),
  room(
    "ContainerRuntime", in: "runtime",
    ["LinuxKernel", "OCIRuntimeSpec", "JSON", "Cgroups", "Rootfs", "Confinement"], settings: compact),
  .executableTarget(
    name: "proa-runtime",
    dependencies: ["Cgroups", "ContainerRuntime", "Confinement", "Rootfs", "LinuxKernel", "OCIRuntimeSpec", "JSON"]
      + (embeddedLibraries == nil ? [] : ["Allocation"]),
    path: "runtime/proa-runtime", swiftSettings: compact,
    linkerSettings: staticExecutable + (embeddedLibraries == nil ? [] : [.unsafeFlags(Musl.allocation)])),
]

let shim: [Target] = [
  .systemLibrary(name: "CDeflate", path: "shim/CDeflate", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  room("ShimCore", in: "shim", ["CDeflate", "ShimProtocol", "JSON", "LinuxKernel"], settings: compact),
  .executableTarget(
    name: "proa-shim", dependencies: ["ShimCore", "LinuxKernel"], path: "shim/proa-shim", swiftSettings: compact,
    linkerSettings: staticExecutable),
]

let manager: [Target] = [
  .systemLibrary(
    name: "CNFTables", path: "manager/CNFTables", pkgConfig: "libnftables", providers: [.apt(["libnftables-dev"])]),
  .systemLibrary(name: "CNettle", path: "manager/CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
  .systemLibrary(name: "CZlib", path: "manager/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  .systemLibrary(name: "CZstd", path: "manager/CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
  .target(name: "CBuildFacts", path: "manager/CBuildFacts", cSettings: buildFacts),
  room("Hashing", in: "manager", ["CNettle"]),
  room("Content", in: "manager", ["Hashing", "OCIImageSpec", "LinuxKernel"]),
  room("Snapshots", in: "manager", ["OCIImageSpec", "LinuxKernel"]),
  room("Tar", in: "manager", ["LinuxKernel", "CZlib", "CZstd", nio]),
  room("Images", in: "manager", ["Hashing", "OCIImageSpec", "JSON", "LinuxKernel", "Tar", logging, nio, nioPosix]),
  room(
    "Registry", in: "manager",
    ["Hashing", "JSON", "LinuxKernel", "OCIImageSpec", httpClient, nio, nioPosix, nioHTTP1, nioSSL]),
  room(
    "Containers", in: "manager",
    ["OCIRuntimeSpec", "OCIImageSpec", "ShimProtocol", "JSON", "LinuxKernel", "Tar", nio, nioPosix, logging]),
  room("Networks", in: "manager", ["JSON", "LinuxKernel", "CNFTables", nioPosix, logging]),
  room("Metadata", in: "manager", ["LinuxKernel", grdb, sqlite]),
  room("Volumes", in: "manager", ["JSON", "LinuxKernel", nio, nioPosix, logging]),
  room("Events", in: "manager", ["JSON", "OCIImageSpec", logging]),
  room("HTTPWire", in: "manager", [nio, nioHTTP1]),
  room(
    "EngineServer", in: "manager",
    [
      "Containers", "EngineAPI", "Events", "Hashing", "HTTPWire", "Images", "JSON", "LinuxKernel", "Networks",
      "OCIImageSpec", "Volumes", nio, nioPosix, nioHTTP1, logging, lifecycle,
    ]),
  room(
    "Client", in: "manager",
    ["EngineAPI", "HTTPWire", "JSON", "LinuxKernel", "Tar", nio, nioPosix, nioHTTP1, argumentParser, unixSignals]),
  .executableTarget(
    name: "proa",
    dependencies: [
      "CBuildFacts", "Client", "Containers", "Content", "EngineServer", "Events", "Images", "JSON", "LinuxKernel",
      "Metadata", "Networks", "OCIImageSpec", "OCIRuntimeSpec", "Registry", "Snapshots", "Volumes", argumentParser,
      lifecycle, logging, nio, nioPosix,
    ],
    path: "manager/proa", swiftSettings: strict, linkerSettings: [lld, stripped]),
]

let tests: [Target] = [
  unitTests("JSON"),
  unitTests("OCIRuntimeSpec", ["JSON", "LinuxKernel"], data: ["Examples"]),
  unitTests("OCIImageSpec", ["JSON"]),
  unitTests("ShimProtocol", ["JSON"]),
  unitTests("EngineAPI", ["JSON"]),
  unitTests("LinuxKernel"),
  unitTests("DBus", ["LinuxKernel"]),
  unitTests("Allocation"),
  unitTests("Cgroups", ["DBus", "JSON", "OCIRuntimeSpec", "LinuxKernel"]),
  unitTests("Rootfs", ["OCIRuntimeSpec", "LinuxKernel"]),
  unitTests("Confinement", ["JSON", "OCIRuntimeSpec", "LinuxKernel"]),
  unitTests("ContainerRuntime", ["OCIRuntimeSpec", "JSON", "LinuxKernel"]),
  unitTests("ShimCore", ["ShimProtocol", "JSON", "LinuxKernel"]),
  .target(
    name: "ImageFixtures", dependencies: ["Hashing", "Images", "JSON", "LinuxKernel", "OCIImageSpec"],
    path: "Tests/ImageFixtures", swiftSettings: strict),
  unitTests("Hashing"),
  unitTests("Content", ["ImageFixtures", "LinuxKernel", "OCIImageSpec"]),
  unitTests("Snapshots", ["ImageFixtures", "LinuxKernel", "OCIImageSpec"]),
  unitTests("Tar", ["ImageFixtures", "LinuxKernel", nio, nioPosix]),
  unitTests("Images", ["ImageFixtures", "JSON", "OCIImageSpec", logging, nio, nioPosix]),
  unitTests("Registry", ["ImageFixtures", "LinuxKernel"]),
  unitTests(
    "Containers",
    ["OCIRuntimeSpec", "OCIImageSpec", "ShimCore", "ShimProtocol", "JSON", "LinuxKernel", nio, nioPosix, logging]),
  unitTests("Networks", ["JSON", "LinuxKernel"]),
  unitTests("Metadata", [grdb]),
  unitTests("Volumes", [logging, nioPosix]),
  unitTests("Events", ["JSON", logging]),
  unitTests("HTTPWire", [nio, nioPosix, nioHTTP1]),
  unitTests(
    "EngineServer",
    [
      "Containers", "EngineAPI", "Events", "HTTPWire", "ImageFixtures", "Images", "JSON", "LinuxKernel", "Networks",
      "OCIImageSpec", nio, nioPosix, nioHTTP1, logging, lifecycle,
    ]),
  unitTests("Client", ["EngineAPI", "JSON", argumentParser]),
  kernelTests("Runtime", ["Containers", "JSON", "OCIRuntimeSpec", "LinuxKernel"]),
  kernelTests("Shim", ["JSON", "ShimProtocol", "LinuxKernel"]),
  kernelTests(
    "Snapshots",
    [
      "proa", "Content", "Events", "ImageFixtures", "Images", "JSON", "LinuxKernel", "Metadata", "OCIImageSpec",
      "Snapshots", logging, nio, nioPosix,
    ]),
  kernelTests("Networks", ["Networks", "LinuxKernel", nioPosix, logging]),
]

// MARK: - Fuzzing

/// A libFuzzer target for one parser; built only by `hack/fuzz/run`.
func fuzz(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: ["FuzzDriver"] + dependencies, path: "hack/fuzz/targets/\(name)", swiftSettings: strict)
}

/// Those that need no package from elsewhere.
let quickFuzzing: [Target] = [
  .target(name: "FuzzDriver", path: "hack/fuzz/FuzzDriver", swiftSettings: strict),
  fuzz("fuzz-cgroup-tables", ["Cgroups"]),
  fuzz("fuzz-container-state", ["ContainerRuntime", "JSON"]),
  fuzz("fuzz-dbus", ["DBus"]),
  fuzz("fuzz-id-maps", ["ContainerRuntime", "JSON", "OCIRuntimeSpec"]),
  fuzz("fuzz-image-spec", ["JSON", "OCIImageSpec"]),
  fuzz("fuzz-json", ["JSON"]),
  fuzz("fuzz-names", ["LinuxKernel", "ShimCore"]),
  fuzz("fuzz-netlink", ["LinuxKernel"]),
  fuzz("fuzz-oci-spec", ["JSON", "OCIRuntimeSpec"]),
  fuzz("fuzz-reference", ["OCIImageSpec"]),
  fuzz("fuzz-rootfs-plan", ["JSON", "OCIRuntimeSpec", "Rootfs"]),
  fuzz("fuzz-seccomp", ["Confinement", "JSON", "OCIRuntimeSpec"]),
  fuzz("fuzz-shim-frames", ["JSON", "ShimProtocol"]),
]

let slowFuzzing: [Target] = [
  fuzz("fuzz-cdi", ["Containers", "JSON"]),
  fuzz("fuzz-challenges", ["Registry"]),
  fuzz("fuzz-gunzip", ["Tar"]),
  fuzz("fuzz-http", ["HTTPWire", nio, nioHTTP1]),
  fuzz("fuzz-logs", ["Containers"]),
  fuzz("fuzz-tar", ["Tar"]),
  fuzz("fuzz-template", ["Client", "JSON"]),
  fuzz("fuzz-unzstd", ["Tar"]),
  fuzz("fuzz-websocket", ["HTTPWire", nio]),
]

// MARK: - Package

let executables: [Product] = [
  .executable(name: "proa-runtime", targets: ["proa-runtime"]),
  .executable(name: "proa-shim", targets: ["proa-shim"]),
]

let libraries: [Package.Dependency] = [
  .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
  .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
  .package(url: "https://github.com/swift-server/async-http-client", from: "1.33.0"),
  .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
  .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
]

func proa(_ products: [Product], _ targets: [Target], _ dependencies: [Package.Dependency] = []) -> Package {
  Package(name: "proa", products: products, dependencies: dependencies, targets: targets, swiftLanguageModes: [.v6])
}

let package =
  switch (embeddedLibraries, Context.environment["PROA_FUZZ"]) {
  case (.some, _): proa(executables, glibc + shared + runtime + shim)
  case (nil, "quick"): proa([], (spec + runtime + shim).filter { $0.type != .executable } + quickFuzzing)
  case (nil, let fuzz):
    proa(
      [.executable(name: "proa", targets: ["proa"])] + executables,
      spec + runtime + shim + manager + (fuzz == nil ? tests : quickFuzzing + slowFuzzing), libraries)
  }
