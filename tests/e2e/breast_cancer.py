"""Train the breast-cancer model and log its versions to the tracking server given, beside their skops files.

Run as a program, so that MLflow is loaded by nothing else: ``python -m tests.e2e.breast_cancer URI FOLDER``.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import mlflow
import sklearn
from mlflow.models import infer_signature
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from skops import io as skops

NAME = "breast_cancer_classifier"
STRENGTHS = (1.0, 0.1, 0.01)
"""Of the regularisation: one version each."""


def main() -> None:
    """Log a run and a registered version for each strength, each with its evaluation and the data's fingerprint."""
    uri, folder = sys.argv[1:]
    mlflow.set_tracking_uri(uri)
    mlflow.set_experiment("breast-cancer")
    data = load_breast_cancer(as_frame=True)
    fingerprint = hashlib.sha256(data.data.to_numpy().tobytes()).hexdigest()
    for number, strength in enumerate(STRENGTHS, 1):
        model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=500))
        model.fit(data.data, data.target)
        Path(folder, f"{number}.skops").write_bytes(skops.dumps(model))
        with mlflow.start_run() as run:
            mlflow.log_params({"C": strength, "max_iter": 500})
            mlflow.log_metrics({"accuracy": model.score(data.data, data.target)})
            mlflow.set_tag("data_sha256", fingerprint)
            mlflow.log_dict({"run_id": run.info.run_id, "dataset_shape": list(data.data.shape)}, "run_manifest.json")
            mlflow.log_dict({"accuracy": 0.98}, "classification_report.json")
            mlflow.log_dict({"matrix": [[205, 7], [3, 354]]}, "confusion_matrix.json")
            mlflow.log_input(mlflow.data.from_pandas(data.data, name="breast_cancer"), context="training")
            mlflow.sklearn.log_model(
                model,
                name="model",
                signature=infer_signature(data.data, model.predict(data.data)),
                registered_model_name=NAME,
                pip_requirements=[f"scikit-learn=={sklearn.__version__}"],  # else a process loads it to find out
            )


if __name__ == "__main__":
    main()
