package partyline.journey;

/// A source file of the server.
///
/// @param module the folder of its module, such as `modules/router`
/// @param path below `partyline/`, such as `router/Router.java`
record SourceFile(String module, String path) implements Comparable<SourceFile> {

    /// Whether it belongs to a driver or to the simulator, which do not count.
    boolean isDriver() {
        return module.startsWith("modules/drivers/")
                || path.substring(path.lastIndexOf('/') + 1).startsWith("Simulator");
    }

    /// Such as `router`.
    String moduleName() {
        return module.substring(module.lastIndexOf('/') + 1);
    }

    @Override
    public int compareTo(SourceFile other) {
        return (module + path).compareTo(other.module + other.path);
    }
}
