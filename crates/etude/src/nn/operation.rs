//! Operations with gradients of their own, as an extension of burn's backends.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Flex, backend_extension};
use burn::tensor::TensorData;
use std::fmt::Debug;
use std::sync::Arc;

/// A differentiable function of one to four arrays. It is used once: what `backward` needs of `forward` it may keep
/// in itself.
pub trait Operation: Debug + Send + Sync {
    /// The value.
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32>;

    /// The gradient of each input, of its length, given the inputs, the value and the gradient of the value.
    fn backward(&self, inputs: &[&[f32]], output: &[f32], gradient: &[f32]) -> Vec<Vec<f32>>;
}

/// An operation that the graph holds on to until its gradient is taken.
pub(super) type Shared = Arc<dyn Operation>;

/// What burn's dispatch calls; one entry for each number of inputs, as it has no lists of tensors.
#[backend_extension(Autodiff, Flex)]
pub(super) trait Fused: Backend {
    /// An operation of one array.
    fn fused_1(a: FloatTensor<Self>, operation: Shared) -> FloatTensor<Self>;
    /// An operation of two arrays.
    fn fused_2(a: FloatTensor<Self>, b: FloatTensor<Self>, operation: Shared) -> FloatTensor<Self>;
    /// An operation of three arrays.
    fn fused_3(
        a: FloatTensor<Self>,
        b: FloatTensor<Self>,
        c: FloatTensor<Self>,
        operation: Shared,
    ) -> FloatTensor<Self>;
    /// An operation of four arrays.
    fn fused_4(
        a: FloatTensor<Self>,
        b: FloatTensor<Self>,
        c: FloatTensor<Self>,
        d: FloatTensor<Self>,
        operation: Shared,
    ) -> FloatTensor<Self>;
}

/// A backend whose tensors are slices.
pub(super) trait Slices: Backend {
    /// Runs an operation forwards.
    fn forward(operation: &Shared, inputs: &[FloatTensor<Self>]) -> FloatTensor<Self>;
    /// Runs it backwards: the gradient of each input.
    fn backward(
        operation: &Shared,
        inputs: &[FloatTensor<Self>],
        output: &FloatTensor<Self>,
        gradient: &FloatTensor<Self>,
    ) -> Vec<FloatTensor<Self>>;
}

impl Slices for Flex {
    fn forward(operation: &Shared, inputs: &[FlexTensor]) -> FlexTensor {
        flat(operation.forward(&slices(inputs)))
    }

    fn backward(
        operation: &Shared,
        inputs: &[FlexTensor],
        output: &FlexTensor,
        gradient: &FlexTensor,
    ) -> Vec<FlexTensor> {
        let gradient = gradient.to_contiguous();
        let gradients = operation.backward(&slices(inputs), slice(output), slice(&gradient));
        gradients.into_iter().map(flat).collect()
    }
}

/// All arrays of the graph are flat: the operations know the shapes.
fn flat(values: Vec<f32>) -> FlexTensor {
    let length = values.len();
    FlexTensor::from_data(TensorData::new(values, [length]))
}

fn slice(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice::<f32>().expect("arrays of the graph are f32 and contiguous")
}

fn slices(tensors: &[FlexTensor]) -> Vec<&[f32]> {
    tensors.iter().map(slice).collect()
}

impl Fused for Flex {
    fn fused_1(a: FlexTensor, operation: Shared) -> FlexTensor {
        <Self as Slices>::forward(&operation, &[a])
    }

    fn fused_2(a: FlexTensor, b: FlexTensor, operation: Shared) -> FlexTensor {
        <Self as Slices>::forward(&operation, &[a, b])
    }

    fn fused_3(a: FlexTensor, b: FlexTensor, c: FlexTensor, operation: Shared) -> FlexTensor {
        <Self as Slices>::forward(&operation, &[a, b, c])
    }

    fn fused_4(a: FlexTensor, b: FlexTensor, c: FlexTensor, d: FlexTensor, operation: Shared) -> FlexTensor {
        <Self as Slices>::forward(&operation, &[a, b, c, d])
    }
}

impl<B: Slices, C: CheckpointStrategy> Fused for Autodiff<B, C> {
    fn fused_1(a: FloatTensor<Self>, operation: Shared) -> FloatTensor<Self> {
        record::<B, C, 1>([a], operation)
    }

    fn fused_2(a: FloatTensor<Self>, b: FloatTensor<Self>, operation: Shared) -> FloatTensor<Self> {
        record::<B, C, 2>([a, b], operation)
    }

    fn fused_3(
        a: FloatTensor<Self>,
        b: FloatTensor<Self>,
        c: FloatTensor<Self>,
        operation: Shared,
    ) -> FloatTensor<Self> {
        record::<B, C, 3>([a, b, c], operation)
    }

    fn fused_4(
        a: FloatTensor<Self>,
        b: FloatTensor<Self>,
        c: FloatTensor<Self>,
        d: FloatTensor<Self>,
        operation: Shared,
    ) -> FloatTensor<Self> {
        record::<B, C, 4>([a, b, c, d], operation)
    }
}

/// Runs an operation and writes it down for the way back.
fn record<B: Slices, C: CheckpointStrategy, const N: usize>(
    inputs: [FloatTensor<Autodiff<B, C>>; N],
    operation: Shared,
) -> FloatTensor<Autodiff<B, C>> {
    let nodes = inputs.each_ref().map(|input| input.node());
    let inputs: Vec<FloatTensor<B>> = inputs.iter().map(|input| input.primitive().clone()).collect();
    let output = B::forward(&operation, &inputs);
    match Recorded.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(record) => record.finish((inputs, output.clone(), operation), output),
        OpsKind::UnTracked(record) => record.finish(output),
    }
}

/// An operation on the way back.
#[derive(Debug)]
struct Recorded;

impl<B: Slices, const N: usize> Backward<B, N> for Recorded {
    type State = (Vec<FloatTensor<B>>, FloatTensor<B>, Shared);

    fn backward(self, ops: Ops<Self::State, N>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let gradient = gradients.consume::<B>(&ops.node);
        let (inputs, output, operation) = ops.state;
        let found = B::backward(&operation, &inputs, &output, &gradient);
        for (parent, gradient) in ops.parents.into_iter().zip(found) {
            if let Some(parent) = parent {
                gradients.register::<B>(parent.id, gradient);
            }
        }
    }
}
