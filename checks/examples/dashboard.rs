//! Draws the dashboard from the data of a running Prometheus, much as Grafana would:
//!
//!   cargo run -p checks --example dashboard -- http://127.0.0.1:9090 15 20s docs/dashboard.svg
//!
//! The arguments are the address of Prometheus, the minutes to show, the range of a rate (four scrapes), and the picture to
//! write.

#[path = "../tests/tools/panels.rs"]
mod dashboard;

use std::{
    env,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, anyhow};
use dashboard::{Line, Panel, panels};
use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const SIZE: (u32, u32) = (1800, 990);
const FONT: &str = "sans-serif";
const BEHIND: RGBColor = RGBColor(17, 18, 23);
const PANEL: RGBColor = RGBColor(24, 27, 31);
const GRID: RGBColor = RGBColor(42, 45, 51);
const TEXT: RGBColor = RGBColor(204, 204, 220);
const LINES: [RGBColor; 6] = [
    RGBColor(115, 191, 105),
    RGBColor(242, 204, 12),
    RGBColor(87, 148, 242),
    RGBColor(255, 120, 10),
    RGBColor(242, 73, 92),
    RGBColor(184, 119, 217),
];

/// The number of points in a line.
const POINTS: f64 = 240.0;

fn main() -> anyhow::Result<()> {
    let mut arguments = env::args().skip(1);
    let mut next = |what: &str| {
        arguments
            .next()
            .with_context(|| format!("{what} is missing"))
    };
    let (server, minutes) = (next("where Prometheus is")?, next("minutes")?);
    let (rate, picture) = (next("what a rate is over")?, next("the picture")?);
    let seconds = minutes.parse::<f64>()? * 60.0;
    let end = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
    let start = end - seconds;

    let root = SVGBackend::new(&picture, SIZE).into_drawing_area();
    root.fill(&BEHIND)?;
    let panels = panels(&rate)?;
    for (panel, area) in panels.iter().zip(root.split_evenly((3, 4))) {
        let mut lines = Vec::new();
        for query in &panel.queries {
            lines.extend(query.lines(&server, start, end, seconds / POINTS)?);
        }
        // The busiest series get the first colours.
        let sum = |line: &Line| line.points.iter().map(|(_, value)| value).sum::<f64>();
        lines.sort_by(|one, other| sum(other).total_cmp(&sum(one)));
        draw(panel, &lines, &area.margin(6, 6, 6, 6), start, end)
            .map_err(|error| anyhow!("{}: {error}", panel.title))?;
    }
    root.present()?;
    Ok(())
}

fn draw(
    panel: &Panel,
    lines: &[Line],
    area: &Area,
    start: f64,
    end: f64,
) -> Result<(), Box<dyn std::error::Error>> {
    area.fill(&PANEL)?;
    let write = |text: &str, size: i32, at: (i32, i32), colour: RGBColor, pos: HPos| {
        let style = (FONT, size)
            .into_font()
            .color(&colour)
            .pos(Pos::new(pos, VPos::Center));
        area.draw_text(text, &style, at)
    };
    write(&panel.title, 17, (14, 20), TEXT, HPos::Left)?;

    let scale = match panel.unit.as_str() {
        "bytes" => 1.0 / 1024.0 / 1024.0,
        "percentunit" => 100.0,
        _ => 1.0,
    };
    let points = lines.iter().flat_map(|line| &line.points);
    let highest = points.map(|(_, value)| *value).fold(0.0, f64::max);
    let top = panel
        .max
        .unwrap_or(if highest > 0.0 { highest * 1.15 } else { 1.0 });
    let bottom = panel.min.unwrap_or(0.0);
    let mut chart = ChartBuilder::on(area)
        .margin_top(38)
        .margin_right(20)
        .margin_bottom(34)
        .x_label_area_size(26)
        .y_label_area_size(66)
        .build_cartesian_2d(
            0.0..(end - start) / 60.0,
            bottom * scale..top * scale * 1.02,
        )?;
    let label = (FONT, 13).into_font().color(&TEXT);
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(GRID)
        .x_labels(6)
        .y_labels(5)
        .x_label_style(label.clone())
        .y_label_style(label)
        .x_label_formatter(&|minute| format!("{minute:.0} min"))
        .y_label_formatter(&|value| with_unit(*value, &panel.unit))
        .draw()?;
    for (line, colour) in lines.iter().zip(LINES.iter().cycle()) {
        let points = line.points.iter();
        let points = points.map(|(at, value)| ((at - start) / 60.0, value * scale));
        chart.draw_series(LineSeries::new(points, colour.stroke_width(2)))?;
    }
    // The legend, from left to right: its letters are about half as wide as they are high.
    let (width, height) = area.dim_in_pixel();
    let (mut x, y) = (16, height as i32 - 16);
    for (line, colour) in lines.iter().zip(LINES.iter().cycle()) {
        let next = x + 19 + line.name.len() as i32 * 7 + 14;
        if next > width as i32 {
            write("…", 13, (x, y), TEXT, HPos::Left)?;
            break;
        }
        area.draw(&Rectangle::new(
            [(x, y - 2), (x + 14, y + 2)],
            colour.filled(),
        ))?;
        write(&line.name, 13, (x + 19, y), TEXT, HPos::Left)?;
        x = next;
    }
    Ok(())
}

fn with_unit(value: f64, unit: &str) -> String {
    match unit {
        "percentunit" => format!("{value:.0} %"),
        "bytes" => format!("{value:.0} MiB"),
        "s" if value == 0.0 => "0".to_owned(),
        "s" if value < 1.0 => format!("{} ms", (value * 10_000.0).round() / 10.0),
        "s" => format!("{value:.1} s"),
        "reqps" => format!("{value:.0}/s"),
        _ => format!("{value}"),
    }
}
