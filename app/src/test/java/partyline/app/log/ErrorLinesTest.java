package partyline.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Who reads an error in the log reads there what to do.
class ErrorLinesTest {

    private static final Path ROOT = Path.of("..");
    /// Up to its end, which is no semicolon of its words.
    private static final Pattern ERROR = Pattern.compile("LOG\\.error\\((?:[^\";]|\"(?:[^\"\\\\]|\\\\.)*\")*;");
    /// As it stands in Java, with its quotes escaped.
    private static final Pattern FIX = Pattern.compile("(?s)\"event=.* fix=\\\\\"[^\"]{9,}\\\\\"\"");

    @Test
    void every_error_says_what_to_do() throws IOException {
        List<String> errors = errors();

        assertThat(errors).hasSizeGreaterThan(20);
        assertThat(errors.stream().filter(error -> !FIX.matcher(error).find()))
                .as("errors that do not end with what to do, such as fix=\"make room\"")
                .isEmpty();
    }

    private static List<String> errors() throws IOException {
        List<String> errors = new ArrayList<>();
        for (String folder : List.of(".", "modules", "modules/drivers")) {
            try (Stream<Path> parts = Files.list(ROOT.resolve(folder))) {
                for (Path sources : parts.map(it -> it.resolve("src/main/java"))
                        .filter(Files::isDirectory)
                        .toList()) {
                    errors.addAll(errors(sources));
                }
            }
        }
        return errors;
    }

    private static List<String> errors(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(it -> it.toString().endsWith(".java"))
                    .flatMap(it -> ERROR.matcher(read(it)).results().map(MatchResult::group))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
