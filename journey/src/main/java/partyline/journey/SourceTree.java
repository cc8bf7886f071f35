package partyline.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The source files of the server, found by package and name. Immutable.
final class SourceTree {

    private static final String SOURCES = "/src/main/java/";

    private final Map<String, SourceFile> files;

    private SourceTree(Map<String, SourceFile> files) {
        this.files = files;
    }

    /// Reads the folders `app` and `modules` of a working copy.
    static SourceTree of(Path root) {
        Map<String, SourceFile> files = new HashMap<>();
        for (String folder : List.of("app", "modules")) {
            try (Stream<Path> paths = Files.walk(root.resolve(folder))) {
                paths.map(path -> root.relativize(path).toString().replace('\\', '/'))
                        .filter(path -> path.contains(SOURCES + "partyline/") && path.endsWith(".java"))
                        .forEach(path -> add(path, files));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new SourceTree(Map.copyOf(files));
    }

    /// The file of this name in this package, such as `partyline/router`.
    SourceFile find(String packageName, String fileName) {
        SourceFile file = files.get(packageName + "/" + fileName);
        if (file == null) {
            throw new IllegalStateException(
                    "the jar has " + packageName + "/" + fileName + ", the sources have not: build it anew");
        }
        return file;
    }

    private static void add(String path, Map<String, SourceFile> files) {
        int at = path.indexOf(SOURCES);
        String name = path.substring(at + SOURCES.length());
        files.put(name, new SourceFile(path.substring(0, at), name.substring("partyline/".length())));
    }
}
