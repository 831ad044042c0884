//! The program from outside: real repositories, real processes, exit codes and words.

mod bad_input;
mod cache;
mod check;
mod db;
mod demo;
mod deps;
mod help;
mod inputs;
mod lists;
mod models;
mod outputs;
mod scan;
mod stage;
mod tools;
mod trust;
