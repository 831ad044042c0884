//! Taint: labels of a value, the sinks it is safe for, the devices it was built with, and
//! where it came from.

use std::rc::Rc;
use tares_model::Span;
use tares_model::effect::{Device, Label, LabelSet, SinkSet};

/// Most sources a value remembers.
const MAX_SOURCES: usize = 4;

/// The taint of a value; most values have none, and then nothing is allocated.
#[derive(Clone, Default)]
pub(crate) struct Taint(Option<Rc<TaintData>>);

#[derive(Clone, Default)]
struct TaintData {
    labels: LabelSet,
    clean: SinkSet,
    devices: u16,
    /// Whether the value is a path whose `..` parts have been resolved.
    normalised: bool,
    sources: Vec<Rc<Chain>>,
}

/// One step of the way a labelled value came; the head is the latest step.
pub(crate) struct Chain {
    pub(crate) label: Label,
    pub(crate) unit: u32,
    pub(crate) span: Span,
    pub(crate) what: Rc<str>,
    pub(crate) prev: Option<Rc<Self>>,
    pub(crate) len: u8,
}

impl Taint {
    pub(crate) const NONE: Self = Self(None);

    /// Returns labels without a source; used for own parameters.
    pub(crate) fn label(label: Label) -> Self {
        Self(Some(Rc::new(TaintData {
            labels: LabelSet::of(label),
            ..TaintData::default()
        })))
    }

    /// Returns labels that come from a place.
    pub(crate) fn source(labels: LabelSet, unit: u32, span: Span, what: &str) -> Self {
        let what: Rc<str> = what.into();
        let chain = |label| {
            Rc::new(Chain {
                label,
                unit,
                span,
                what: Rc::clone(&what),
                prev: None,
                len: 1,
            })
        };
        Self(Some(Rc::new(TaintData {
            labels,
            sources: labels.iter().take(2).map(chain).collect(),
            ..TaintData::default()
        })))
    }

    /// Returns a taint that only records a device.
    pub(crate) fn device(device: Device) -> Self {
        Self(Some(Rc::new(TaintData {
            devices: 1 << device as u16,
            ..TaintData::default()
        })))
    }

    pub(crate) fn is_none(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn labels(&self) -> LabelSet {
        self.0.as_ref().map_or(LabelSet::EMPTY, |d| d.labels)
    }

    pub(crate) fn has(&self, label: Label) -> bool {
        self.labels().has(label)
    }

    pub(crate) fn clean(&self) -> SinkSet {
        self.0.as_ref().map_or(SinkSet::NONE, |d| d.clean)
    }

    pub(crate) fn is_normalised(&self) -> bool {
        self.0.as_ref().is_some_and(|d| d.normalised)
    }

    pub(crate) fn devices(&self) -> impl Iterator<Item = Device> {
        let bits = self.0.as_ref().map_or(0, |d| d.devices);
        Device::ALL
            .iter()
            .map(|(device, _)| *device)
            .filter(move |device| bits & (1 << *device as u16) != 0)
    }

    pub(crate) fn has_devices(&self) -> bool {
        self.0.as_ref().is_some_and(|d| d.devices != 0)
    }

    pub(crate) fn sources(&self) -> &[Rc<Chain>] {
        self.0.as_ref().map_or(&[], |d| &d.sources)
    }

    /// Returns the union: safe only for what both are safe for.
    #[must_use]
    pub(crate) fn merge(&self, other: &Self) -> Self {
        let (Some(a), Some(b)) = (&self.0, &other.0) else {
            return if self.0.is_some() {
                self.clone()
            } else {
                other.clone()
            };
        };
        if Rc::ptr_eq(a, b) || covers(a, b) {
            return self.clone();
        }
        if covers(b, a) {
            return other.clone();
        }
        // That a constant was decoded says how it is written, not who decides about it.
        let harmless =
            |data: &TaintData| data.labels.without(LabelSet::of(Label::Decoded)).is_empty();
        let clean = match (harmless(a), harmless(b)) {
            (true, _) => b.clean,
            (_, true) => a.clean,
            _ => a.clean.intersection(b.clean),
        };
        let mut sources = a.sources.clone();
        for source in &b.sources {
            if sources.len() < MAX_SOURCES && !sources.iter().any(|s| Rc::ptr_eq(s, source)) {
                sources.push(Rc::clone(source));
            }
        }
        let normalised = a.normalised && b.normalised;
        Self(Some(Rc::new(TaintData {
            labels: a.labels.union(b.labels),
            clean,
            devices: a.devices | b.devices,
            normalised,
            sources,
        })))
    }

    fn edit(&self, change: impl FnOnce(&mut TaintData)) -> Self {
        let Some(data) = &self.0 else {
            return Self::NONE;
        };
        let mut data = TaintData::clone(data);
        change(&mut data);
        Self(Some(Rc::new(data)))
    }

    /// Marks the value as safe for sinks. Values without labels need no mark.
    #[must_use]
    pub(crate) fn cleaned(&self, sinks: SinkSet) -> Self {
        self.edit(|d| d.clean = d.clean.union(sinks))
    }

    /// Marks the value as a path whose `..` parts have been resolved.
    #[must_use]
    pub(crate) fn normalised(&self) -> Self {
        self.edit(|d| d.normalised = true)
    }

    /// Removes labels.
    #[must_use]
    pub(crate) fn without(&self, labels: LabelSet) -> Self {
        let Some(data) = &self.0 else {
            return Self::NONE;
        };
        if data.labels.intersection(labels).is_empty() {
            return self.clone();
        }
        let left = data.labels.without(labels);
        if left.is_empty() && data.devices == 0 {
            return Self::NONE;
        }
        self.edit(|d| {
            d.labels = left;
            d.sources.retain(|s| left.has(s.label));
        })
    }

    /// Drops what only a copy of the data would carry: an answer about a secret is no secret.
    #[must_use]
    pub(crate) fn of_answer(&self) -> Self {
        self.without(
            LabelSet::of(Label::Credential)
                .union(LabelSet::of(Label::PersonalData))
                .union(LabelSet::of(Label::Session))
                .union(LabelSet::of(Label::ErrorDetail))
                .union(LabelSet::of(Label::SourceCode)),
        )
    }

    /// Forgets the devices: the value has been used for what it is.
    #[must_use]
    pub(crate) fn without_devices(&self) -> Self {
        if !self.has_devices() {
            return self.clone();
        }
        if self.labels().is_empty() {
            return Self::NONE;
        }
        self.edit(|d| d.devices = 0)
    }

    /// Adds a step to the chains of all sources.
    #[must_use]
    pub(crate) fn step(&self, unit: u32, span: Span, what: &str) -> Self {
        if self.sources().is_empty() {
            return self.clone();
        }
        let what: Rc<str> = what.into();
        self.edit(|d| {
            for source in &mut d.sources {
                // A chain longer than this helps no reader.
                if source.len < 8 && source.span != span {
                    *source = Rc::new(Chain {
                        label: source.label,
                        unit,
                        span,
                        what: Rc::clone(&what),
                        prev: Some(Rc::clone(source)),
                        len: source.len + 1,
                    });
                }
            }
        })
    }
}

/// Whether merging `b` into `a` changes nothing.
fn covers(a: &TaintData, b: &TaintData) -> bool {
    b.labels.without(a.labels).is_empty()
        && b.devices & !a.devices == 0
        && (b.labels.is_empty() || a.clean.intersection(b.clean) == a.clean)
        && (b.normalised || !a.normalised || b.labels.is_empty())
        && (a.labels == b.labels
            || b.sources
                .iter()
                .all(|s| a.sources.iter().any(|t| Rc::ptr_eq(s, t))))
}
