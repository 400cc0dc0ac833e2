internal import LinuxKernel
internal import ShimCore

let arguments = Array(CurrentProcess.arguments.dropFirst())

func fail(_ message: String, _ code: Int32) -> Never {
  CurrentProcess.complain("proa-shim: \(message)")
  CurrentProcess.exit(code)
}

guard arguments.count == 2, arguments[0] == "--bundle" else {
  fail("usage: proa-shim --bundle DIRECTORY", 2)
}
do { try Launcher.run(bundle: arguments[1]) } catch { fail("\(error)", 1) }
