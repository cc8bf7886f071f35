package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.interactions.Pause;
import org.openqa.selenium.interactions.PointerInput;
import org.openqa.selenium.interactions.Sequence;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/// A Chromium without a window. What is on the page is named by its `data-testid`, and everything waits until it is
/// there.
final class Browser implements AutoCloseable {

    private static final String TEXTS = """
            return [...document.querySelectorAll(`[data-testid="${arguments[0]}"]`)]
                .filter(element => element.checkVisibility())
                .map(element => element.innerText.trim())
            """;

    /// The addresses of everything that the page asked for, itself included, that are not its server's.
    private static final String ASKED_ELSEWHERE = """
            return [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]
                .map(it => it.name)
                .filter(it => !it.startsWith(location.origin + '/') && !it.startsWith('data:') && !it.startsWith('blob:'))
            """;

    /// It would warn that it knows no DevTools as new as the browser's; nothing here uses them.
    private static final Logger DEVTOOLS = Logger.getLogger("org.openqa.selenium.devtools");

    private final ChromeDriver driver;

    Browser() {
        DEVTOOLS.setLevel(Level.SEVERE);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(
                onPath("chromium", "chromium-browser", "google-chrome").toFile());
        options.setCapability("goog:loggingPrefs", logs);
        // No sandbox and no shared memory: CI runs as root in small containers, and the only page opened is our own.
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1100,800");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(onPath("chromedriver").toFile())
                .build();
        driver = new ChromeDriver(service, options);
    }

    void open(String url) {
        driver.get(url);
    }

    void click(String testId) {
        find(testId).click();
    }

    void type(String testId, String text) {
        WebElement field = find(testId);
        field.clear();
        field.sendKeys(text);
    }

    void doubleClick(By place) {
        new Actions(driver).doubleClick(find(place)).perform();
    }

    /// A finger that rests on it for longer than a tap, and lifts.
    void longPress(By place) {
        PointerInput finger = new PointerInput(PointerInput.Kind.TOUCH, "finger");
        WebElement target = find(place);
        driver.perform(List.of(new Sequence(finger, 0)
                .addAction(finger.createPointerMove(Duration.ZERO, PointerInput.Origin.fromElement(target), 0, 0))
                .addAction(finger.createPointerDown(0))
                .addAction(new Pause(finger, Duration.ofMillis(900)))
                .addAction(finger.createPointerUp(0))));
    }

    /// A finger that touches it and lifts.
    void tap(By place) {
        PointerInput finger = new PointerInput(PointerInput.Kind.TOUCH, "finger");
        WebElement target = find(place);
        driver.executeScript("arguments[0].scrollIntoView({block: 'nearest'})", target);
        driver.perform(List.of(new Sequence(finger, 0)
                .addAction(finger.createPointerMove(Duration.ZERO, PointerInput.Origin.fromElement(target), 0, 0))
                .addAction(finger.createPointerDown(0))
                .addAction(finger.createPointerUp(0))));
    }

    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /// Looks into the frame with this title, or with null at the whole page again.
    void lookInto(@Nullable String frame) {
        driver.switchTo().defaultContent();
        if (frame != null) {
            driver.switchTo().frame(find(By.cssSelector("iframe[title='" + frame + "']")));
        }
    }

    /// A screen of this size, with a finger on it or not.
    void screen(int width, int height, boolean finger) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", finger));
        driver.executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", finger, "maxTouchPoints", 1));
    }

    void back() {
        driver.navigate().back();
    }

    void reload() {
        driver.navigate().refresh();
    }

    /// Presses a key, wherever the focus is.
    void press(CharSequence key) {
        driver.switchTo().activeElement().sendKeys(key);
    }

    /// Shows pages as somebody sees them who likes it dark or light, and calm, on a screen of this width.
    void look(boolean dark, int width) {
        List<Map<String, String>> wishes = List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"));
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", wishes));
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    }

    /// What the page looks like, as `target/NAME.png`.
    void photograph(String name) {
        try {
            Path file = Path.of("target", name + ".png");
            Files.createDirectories(file.getParent());
            Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a script of one expression comes to.
    String tells(String expression) {
        return String.valueOf(driver.executeScript("return " + expression));
    }

    /// Waits until a script of one expression comes to true.
    void awaits(String expression) {
        Api.waitFor(() -> tells(expression), "true"::equals);
    }

    void runs(String script) {
        driver.executeScript(script);
    }

    /// What a script hands to the function that is its one argument, in the end.
    Object runsUntilDone(String script) {
        return driver.executeAsyncScript(script);
    }

    /// What the page asked of others than its server.
    List<String> askedElsewhere() {
        return strings(ASKED_ELSEWHERE);
    }

    /// The first visible element of this name.
    WebElement find(String testId) {
        return find(testId(testId));
    }

    /// The first visible element at this place.
    WebElement find(By place) {
        return Api.waitFor(
                        () -> driver.findElements(place).stream()
                                .filter(WebElement::isDisplayed)
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }

    /// Waits until the visible elements of this name show what is wished.
    void sees(String testId, Predicate<List<String>> wish) {
        Api.waitFor(() -> texts(testId), wish);
    }

    /// Waits until one of the visible elements of this name shows exactly `text`.
    void sees(String testId, String text) {
        sees(testId, texts -> texts.contains(text));
    }

    /// What the console was told at this level since the last look: scripts' errors, refused requests, and everything
    /// that the page's content security policy forbade.
    List<String> severeConsoleEntries() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }

    private List<String> texts(String testId) {
        return strings(TEXTS, testId);
    }

    private List<String> strings(String script, Object... arguments) {
        return ((List<?>) driver.executeScript(script, arguments))
                .stream().map(String::valueOf).toList();
    }

    static By testId(String name) {
        return By.cssSelector("[data-testid='" + name + "']");
    }

    private static Path onPath(String... names) {
        List<Path> found = Stream.of(names)
                .flatMap(name -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .toList();
        assertThat(found)
                .as("one of %s on the PATH; Debian has them as chromium and chromium-driver", List.of(names))
                .isNotEmpty();
        return found.getFirst();
    }
}
