package partyline.app;

import java.lang.reflect.InvocationTargetException;

/// Where `java -jar` begins: it says in one sentence what an older Java lacks, else it calls [Main]. It is compiled for
/// Java 8, by itself, since no older Java reads a class of the others.
public final class Launcher {

    private static final int NEEDED = 25;

    private Launcher() {}

    /// Runs the command that `arguments` name.
    public static void main(String[] arguments) throws Throwable {
        String version = System.getProperty("java.specification.version");
        if (isOlder(version)) {
            System.err.println("Partyline needs Java " + NEEDED + " or newer, and this is Java " + version
                    + ": install one (https://adoptium.net), or take the release that brings its own.");
            System.exit(1);
        }
        try {
            Class.forName("partyline.app.Main").getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /// Up to Java 8 the version is like 1.8.
    private static boolean isOlder(String version) {
        return version.startsWith("1.") || Integer.parseInt(version) < NEEDED;
    }
}
