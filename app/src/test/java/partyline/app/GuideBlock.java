package partyline.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A block of code in a guide: its language, its name or an empty one, and what it says.
record GuideBlock(String guide, String language, String name, String code) {

    static final Path FOLDER = Path.of("..", "docs", "guides");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*) ?(\\S*)\\n(.*?)^```$");

    static List<GuideBlock> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().flatMap(GuideBlock::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The only one of this name.
    static String named(String name) {
        List<GuideBlock> found =
                all().stream().filter(it -> it.name.equals(name)).toList();
        if (found.size() != 1) {
            throw new IllegalStateException("there is not one block " + name + " but " + found.size());
        }
        return found.getFirst().code;
    }

    /// The commands of a guide that have no name, as one types them one after the other.
    static String commands(String guide) {
        return String.join(
                "\n",
                all().stream()
                        .filter(it -> it.guide.equals(guide) && it.isCommand())
                        .map(GuideBlock::code)
                        .toList());
    }

    boolean isCommand() {
        return language.equals("sh") && name.isEmpty();
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<GuideBlock> of(Path file) {
        String guide = file.getFileName().toString().replace(".md", "");
        return BLOCK.matcher(read(file))
                .results()
                .map(it -> new GuideBlock(guide, it.group(1), it.group(2), it.group(3)));
    }
}
