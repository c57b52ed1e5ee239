//! Files put and got, with a clock.

use crate::shelf::{Shelf, Way};
use axum::body::Bytes;
use futures_util::future::join_all;
use reqwest::Client;
use std::{future::Future, time::Instant};

/// Megabytes a second, of all files under way together.
#[derive(Clone, Copy)]
pub struct Speeds {
    pub put: f64,
    pub get: f64,
}

/// The medians of each shelf. The first round of all warms what is to be warm, and does not count.
pub async fn rounds(shelves: &[Shelf], file: &Bytes, at_once: usize, rounds: usize) -> Vec<Speeds> {
    let client = Client::builder().no_proxy().build().unwrap();
    let mut all = vec![vec![]; shelves.len()];
    for round in 0..=rounds {
        for (shelf, speeds) in shelves.iter().zip(&mut all) {
            let measured = one_round(&client, shelf, file, at_once, round).await;
            if round > 0 {
                speeds.push(measured);
            }
        }
    }
    let medians = |speeds: Vec<Speeds>| Speeds {
        put: median(speeds.iter().map(|speeds| speeds.put)),
        get: median(speeds.iter().map(|speeds| speeds.get)),
    };
    all.into_iter().map(medians).collect()
}

async fn one_round(client: &Client, shelf: &Shelf, file: &Bytes, at_once: usize, round: usize) -> Speeds {
    let size = file.len() as u64;
    let ways = join_all((0..at_once).map(|n| shelf.way(format!("bench-{at_once}-{round}-{n}"), size))).await;
    let megabytes = (file.len() * at_once) as f64 / 1e6;
    let put = megabytes / seconds(join_all(ways.iter().map(|way| put(client, way, file)))).await;
    let get = megabytes / seconds(join_all(ways.iter().map(|way| get(client, way, file)))).await;
    for way in &ways {
        shelf.remove(&way.key).await;
    }
    Speeds { put, get }
}

async fn put(client: &Client, way: &Way, file: &Bytes) {
    let mut request = client.put(&way.put.url).body(file.clone());
    for (name, value) in &way.put.headers {
        request = request.header(name, value);
    }
    request.send().await.unwrap().error_for_status().unwrap();
}

/// What comes is what was put, byte by byte.
async fn get(client: &Client, way: &Way, file: &Bytes) {
    let mut answer = client.get(&way.get).send().await.unwrap().error_for_status().unwrap();
    let mut at = 0;
    while let Some(chunk) = answer.chunk().await.unwrap() {
        assert!(file[at..].starts_with(&chunk), "{}: other bytes at {at}", way.key);
        at += chunk.len();
    }
    assert_eq!(at, file.len(), "{}", way.key);
}

async fn seconds<T>(work: impl Future<Output = T>) -> f64 {
    let began = Instant::now();
    work.await;
    began.elapsed().as_secs_f64()
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
